package dev.stowage.faults;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.random.RandomGenerator;

import dev.stowage.faults.Ledger.Entry;
import dev.stowage.faults.Ledger.State;

/** Load of both styles, by clients that continue after any answer. */
final class Clients implements AutoCloseable {

	/** With more files than that, they delete more than they send. */
	private static final int ENOUGH_FILES = 100;

	private static final int PAUSE_AFTER_FAILURE_MILLIS = 50;

	private final Api api;

	private final Ledger ledger;

	private final List<Client> all = new ArrayList<>();

	/** Held for reading during each request, and for writing to exclude requests. */
	private final ReadWriteLock gate = new ReentrantReadWriteLock(true);

	private volatile boolean ended;

	Clients(Api api, Ledger ledger, RandomGenerator random) {
		this.api = api;
		this.ledger = ledger;
		for (int i = 0; i < Scale.CLIENTS; i++) {
			Client client = new Client(new SplittableRandom(random.nextLong()));
			client.thread.start();
			this.all.add(client);
		}
	}

	/** Runs an action while no request is in progress. */
	void paused(Work work) throws Exception {
		this.gate.writeLock().lock();
		try {
			work.run();
		}
		finally {
			this.gate.writeLock().unlock();
		}
	}

	/** What clients are waiting for now. */
	Map<String, Integer> waitingFor() {
		Map<String, Integer> counts = new TreeMap<>();
		this.all.forEach((client) -> counts.merge(client.waitingFor, 1, Integer::sum));
		return counts;
	}

	/** Lets each client finish its request. */
	@Override
	public void close() {
		this.ended = true;
		try {
			for (Client client : this.all) {
				client.thread.join();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** A client's action. */
	interface Work {

		void run() throws Exception;

	}

	/** One client. */
	private final class Client {

		private final RandomGenerator random;

		private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::run);

		private volatile String waitingFor = "nothing";

		private Client(RandomGenerator random) {
			this.random = random;
		}

		private void run() {
			while (!Clients.this.ended) {
				Clients.this.gate.readLock().lock();
				try {
					act();
				}
				catch (IOException ex) {
					pause();
				}
				catch (InterruptedException ex) {
					return;
				}
				finally {
					this.waitingFor = "nothing";
					Clients.this.gate.readLock().unlock();
				}
			}
		}

		private void pause() {
			try {
				Thread.sleep(PAUSE_AFTER_FAILURE_MILLIS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		private void act() throws IOException, InterruptedException {
			int what = this.random.nextInt(100);
			boolean enough = Clients.this.ledger.size() > ENOUGH_FILES;
			if (what < (enough ? 20 : 45)) {
				upload(Clients.this.ledger.next(this.random, false));
			}
			else if (what < (enough ? 35 : 75)) {
				uploadPresigned(Clients.this.ledger.next(this.random, true));
			}
			else if (what < 85) {
				delete();
			}
			else {
				read();
			}
		}

		private void upload(Entry entry) throws IOException, InterruptedException {
			this.waitingFor = "upload";
			outcome(entry, Clients.this.api.upload(entry.content));
		}

		private void uploadPresigned(Entry entry) throws IOException, InterruptedException {
			// until it is completed, it does not exist
			entry.state = State.REFUSED;
			this.waitingFor = "grant";
			Reply grant = Clients.this.api.grant(entry.content);
			if (grant.status() != 200) {
				return;
			}
			this.waitingFor = "PUT";
			Reply put = Clients.this.api.put(URI.create(grant.text("upload_url")), entry.content);
			if (put.status() != 200) {
				return;
			}
			entry.id = grant.text("id");
			entry.state = State.SENT;
			this.waitingFor = "complete";
			outcome(entry, Clients.this.api.complete(entry.id));
		}

		private void outcome(Entry entry, Reply reply) throws InterruptedException {
			if (reply.status() == 200) {
				Clients.this.ledger.acknowledge(entry, reply.text("id"));
			}
			else if (reply.status() < 500) {
				entry.state = State.REFUSED;
			}
			else {
				Thread.sleep(PAUSE_AFTER_FAILURE_MILLIS);
			}
		}

		private void delete() throws IOException, InterruptedException {
			Optional<Entry> borrowed = Clients.this.ledger.borrow(this.random);
			if (borrowed.isEmpty()) {
				return;
			}
			Entry entry = borrowed.get();
			entry.state = State.LEAVING;
			this.waitingFor = "delete";
			Reply reply = Clients.this.api.delete(entry.id);
			if (reply.status() == 200) {
				entry.state = State.GONE;
			}
			else if (reply.status() < 500) {
				Clients.this.ledger.miss(entry, reply);
			}
		}

		private void read() throws IOException, InterruptedException {
			Optional<Entry> borrowed = Clients.this.ledger.borrow(this.random);
			if (borrowed.isEmpty()) {
				return;
			}
			Entry entry = borrowed.get();
			this.waitingFor = "read";
			try {
				Reply reply = Clients.this.api.content(entry.id, entry.content.json());
				if (reply.status() == 200 && !Content.sha256(reply.body()).equals(entry.content.sha256())) {
					Clients.this.ledger.damage(entry);
				}
				else if (reply.status() >= 400 && reply.status() < 500) {
					Clients.this.ledger.miss(entry, reply);
				}
			}
			finally {
				Clients.this.ledger.giveBack(entry);
			}
		}

	}

}
