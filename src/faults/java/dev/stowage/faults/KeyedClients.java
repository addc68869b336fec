package dev.stowage.faults;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

import dev.stowage.faults.Ledger.Entry;
import dev.stowage.faults.Ledger.State;

/**
 * Load by clients that name each request with a key, and repeat it on any instance until
 * they get its answer; some also send it twice at once, or again later.
 */
final class KeyedClients implements AutoCloseable {

	private static final int PAUSE_MILLIS = 50;

	private final List<Api> instances;

	private final Ledger ledger;

	private final List<Thread> all = new ArrayList<>();

	private final AtomicLong repeats = new AtomicLong();

	private final Queue<String> contradictions = new ConcurrentLinkedQueue<>();

	private volatile boolean ended;

	KeyedClients(List<Api> instances, Ledger ledger, RandomGenerator random) {
		this.instances = instances;
		this.ledger = ledger;
		for (int i = 0; i < Scale.CLIENTS; i++) {
			RandomGenerator its = new SplittableRandom(random.nextLong());
			this.all.add(Thread.ofPlatform().daemon().start(() -> run(its)));
		}
	}

	/** How often a request was sent again. */
	long repeats() {
		return this.repeats.get();
	}

	/** Repeats that were answered with another file than the first request. */
	Collection<String> contradictions() {
		return this.contradictions;
	}

	private void run(RandomGenerator random) {
		try {
			while (!this.ended) {
				if (random.nextInt(4) == 0) {
					grant(random, this.ledger.next(random, true));
				}
				else {
					upload(random, this.ledger.next(random, false));
				}
				if (random.nextInt(3) == 0) {
					deleteAndRepeat(random);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void upload(RandomGenerator random, Entry entry) throws InterruptedException {
		Optional<String> id;
		if (random.nextInt(3) == 0) {
			RandomGenerator its = new SplittableRandom(random.nextLong());
			List<Optional<String>> other = new ArrayList<>();
			Thread twin = Thread.ofPlatform().start(() -> {
				try {
					other.add(send(its, entry));
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
			id = send(random, entry);
			twin.join();
			Optional<String> others = other.isEmpty() ? Optional.empty() : other.getFirst();
			compare(entry, id, others);
			id = id.or(() -> others);
		}
		else {
			id = send(random, entry);
		}
		if (id.isPresent()) {
			if (random.nextInt(3) == 0) {
				compare(entry, id, send(random, entry));
			}
			this.ledger.acknowledge(entry, id.get());
		}
	}

	/** Sends a form until it is answered, or the run ends. */
	private Optional<String> send(RandomGenerator random, Entry entry) throws InterruptedException {
		for (int attempt = 0; attempt == 0 || !this.ended; attempt++) {
			this.repeats.addAndGet((attempt > 0) ? 1 : 0);
			try {
				Reply reply = any(random).upload(entry.content, entry.content.name());
				if (reply.status() == 200) {
					return Optional.of(reply.text("id"));
				}
			}
			catch (IOException ex) {
				// an instance that was killed
			}
			Thread.sleep(PAUSE_MILLIS);
		}
		return Optional.empty();
	}

	private void compare(Entry entry, Optional<String> one, Optional<String> other) {
		if (one.isPresent() && other.isPresent() && !one.equals(other)) {
			this.contradictions.add(entry.content.name() + ": " + one.get() + " and " + other.get());
		}
	}

	private void grant(RandomGenerator random, Entry entry) throws InterruptedException {
		// until it is completed, it does not exist
		entry.state = State.REFUSED;
		try {
			Reply first = any(random).grant(entry.content, entry.content.name());
			Reply again = any(random).grant(entry.content, entry.content.name());
			this.repeats.incrementAndGet();
			if (first.status() != 200 || again.status() != 200) {
				return;
			}
			compare(entry, Optional.of(first.text("id")), Optional.of(again.text("id")));
			if (any(random).put(URI.create(again.text("upload_url")), entry.content).status() != 200) {
				return;
			}
			entry.id = first.text("id");
			entry.state = State.SENT;
			Reply reply = any(random).complete(entry.id);
			if (reply.status() == 200) {
				this.ledger.acknowledge(entry, entry.id);
				Reply late = any(random).grant(entry.content, entry.content.name());
				if (late.status() == 200) {
					this.contradictions.add(entry.content.name() + ", which is complete, was granted again: " + late);
				}
			}
		}
		catch (IOException ex) {
			Thread.sleep(PAUSE_MILLIS);
		}
	}

	/** A repeat after a delete gets the same answer, and creates nothing. */
	private void deleteAndRepeat(RandomGenerator random) throws InterruptedException {
		Optional<Entry> borrowed = this.ledger.borrow(random);
		if (borrowed.isEmpty()) {
			return;
		}
		Entry entry = borrowed.get();
		entry.state = State.LEAVING;
		try {
			Reply reply = any(random).delete(entry.id);
			if (reply.status() == 200) {
				entry.state = State.GONE;
				if (!entry.content.json()) {
					compare(entry, Optional.of(entry.id), send(random, entry));
				}
			}
			else if (reply.status() < 500) {
				this.ledger.miss(entry, reply);
			}
		}
		catch (IOException ex) {
			Thread.sleep(PAUSE_MILLIS);
		}
	}

	private Api any(RandomGenerator random) {
		return this.instances.get(random.nextInt(this.instances.size()));
	}

	/** Lets each client finish its request. */
	@Override
	public void close() {
		this.ended = true;
		try {
			for (Thread client : this.all) {
				client.join();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
