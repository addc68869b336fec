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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.random.RandomGenerator;

import dev.stowage.faults.AppendApi.Answer;

/**
 * Clients that send files in pieces, break their connections at any byte, and continue on
 * any instance. Some uploads have two clients at the same time.
 */
final class AppendClients implements AutoCloseable {

	/** With more files than that, they delete more than they send. */
	private static final int ENOUGH_FILES = 60;

	private static final int PAUSE_MILLIS = 100;

	/** How long a client waits for a server that was killed. */
	private static final int ATTEMPTS = 600;

	private final List<URI> servers;

	private final Api api;

	private final AppendApi append;

	private final Ledger ledger;

	private final List<Thread> all = new ArrayList<>();

	/** Held for reading during each file, and for writing to exclude clients. */
	private final ReadWriteLock gate = new ReentrantReadWriteLock(true);

	private final Queue<String> contradictions = new ConcurrentLinkedQueue<>();

	private final AtomicInteger cuts = new AtomicInteger();

	private final AtomicInteger appending = new AtomicInteger();

	private volatile boolean ended;

	AppendClients(List<URI> servers, Api api, AppendApi append, Ledger ledger, RandomGenerator random) {
		this.servers = servers;
		this.api = api;
		this.append = append;
		this.ledger = ledger;
		for (int i = 0; i < Scale.CLIENTS; i++) {
			Client client = new Client(new SplittableRandom(random.nextLong()));
			this.all.add(Thread.ofPlatform().daemon().start(client::run));
		}
	}

	/** Answers that cannot both be true. */
	Collection<String> contradictions() {
		return this.contradictions;
	}

	/** How often a client broke its connection. */
	int cuts() {
		return this.cuts.get();
	}

	/** How many requests append now. */
	int appending() {
		return this.appending.get();
	}

	/** Runs an action while no client is busy. */
	void paused(Clients.Work work) throws Exception {
		this.gate.writeLock().lock();
		try {
			work.run();
		}
		finally {
			this.gate.writeLock().unlock();
		}
	}

	/** Lets each client finish its file. */
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

	/** A request that may be repeated, to an instance. */
	private interface Request {

		Answer send(URI server) throws IOException, InterruptedException;

	}

	/** One client. */
	private final class Client {

		private final RandomGenerator random;

		private Client(RandomGenerator random) {
			this.random = random;
		}

		private void run() {
			while (!AppendClients.this.ended) {
				AppendClients.this.gate.readLock().lock();
				try {
					if (this.random.nextInt(ENOUGH_FILES) < AppendClients.this.ledger.size() / 2) {
						delete();
					}
					else {
						upload(AppendClients.this.ledger.next(this.random, false));
					}
				}
				catch (InterruptedException ex) {
					return;
				}
				finally {
					AppendClients.this.gate.readLock().unlock();
				}
			}
		}

		private void upload(Ledger.Entry entry) throws InterruptedException {
			boolean isTus = this.random.nextBoolean();
			// until all bytes were sent, it does not exist
			entry.state = Ledger.State.REFUSED;
			Optional<Answer> begun = await((server) -> AppendClients.this.append.begin(server, entry.content, isTus));
			if (begun.flatMap(Answer::location).isEmpty()) {
				return;
			}
			Continued upload = new Continued(begun.get().location().orElseThrow(), entry, isTus);
			entry.state = Ledger.State.SENT;
			if (this.random.nextInt(4) == 0) {
				// another client of the same upload, such as a second tab
				Client other = new Client(new SplittableRandom(this.random.nextLong()));
				Thread second = Thread.ofPlatform().daemon().start(() -> {
					try {
						other.sendAll(upload);
					}
					catch (InterruptedException ex) {
						Thread.currentThread().interrupt();
					}
				});
				sendAll(upload);
				second.join();
			}
			else {
				sendAll(upload);
			}
			upload.file.ifPresent((file) -> AppendClients.this.ledger.acknowledge(entry, file));
		}

		/** Until it is a file, or has ended. */
		private void sendAll(Continued upload) throws InterruptedException {
			while (upload.isOpen()) {
				Optional<Answer> asked = await(
						(server) -> AppendClients.this.append.offset(server.resolve(upload.path), upload.isTus));
				if (asked.isEmpty()) {
					return;
				}
				upload.learn(asked.get());
				if (upload.isOpen() && asked.get().offset().isPresent()) {
					send(upload, (int) asked.get().offset().getAsLong());
				}
			}
		}

		private void send(Continued upload, int from) throws InterruptedException {
			int size = upload.content.length;
			boolean isAll = this.random.nextInt(3) == 0;
			int to = isAll ? size : from + this.random.nextInt(size - from + 1);
			URI target = anyServer().resolve(upload.path);
			AppendClients.this.appending.incrementAndGet();
			try {
				if (to > from && this.random.nextInt(2) == 0) {
					int cut = from + this.random.nextInt(to - from);
					AppendApi.cut(target, upload.content, from, to, cut, this.random.nextInt(200));
					AppendClients.this.cuts.incrementAndGet();
				}
				else {
					upload.learn(AppendClients.this.append.append(target, upload.content, from, to, upload.isTus,
							to == size));
				}
			}
			catch (IOException ex) {
				Thread.sleep(PAUSE_MILLIS);
			}
			finally {
				AppendClients.this.appending.decrementAndGet();
			}
		}

		private URI anyServer() {
			return AppendClients.this.servers.get(this.random.nextInt(AppendClients.this.servers.size()));
		}

		/** Repeats a request until its answer is final; empty if there is none. */
		private Optional<Answer> await(Request request) throws InterruptedException {
			for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
				try {
					Answer answer = request.send(anyServer());
					if (answer.reply().status() < 500 && answer.reply().status() != 409) {
						return Optional.of(answer);
					}
				}
				catch (IOException ex) {
					// a server that was killed
				}
				Thread.sleep(PAUSE_MILLIS);
			}
			return Optional.empty();
		}

		private void delete() throws InterruptedException {
			Optional<Ledger.Entry> borrowed = AppendClients.this.ledger.borrow(this.random);
			if (borrowed.isEmpty()) {
				return;
			}
			Ledger.Entry entry = borrowed.get();
			entry.state = Ledger.State.LEAVING;
			try {
				Reply reply = AppendClients.this.api.delete(entry.id);
				if (reply.status() == 200) {
					entry.state = Ledger.State.GONE;
				}
				else if (reply.status() < 500) {
					AppendClients.this.ledger.miss(entry, reply);
				}
			}
			catch (IOException ex) {
				Thread.sleep(PAUSE_MILLIS);
			}
		}

	}

	/** An upload, and what its clients know of it. */
	private final class Continued {

		private final String path;

		private final boolean isTus;

		private final byte[] content;

		private long offset;

		private boolean gone;

		private volatile Optional<String> file = Optional.empty();

		private Continued(String path, Ledger.Entry entry, boolean isTus) {
			this.path = path;
			this.isTus = isTus;
			this.content = entry.content.bytes();
		}

		private synchronized boolean isOpen() {
			return this.file.isEmpty() && !this.gone;
		}

		/** An offset never goes back, and nothing is kept that was not sent. */
		private synchronized void learn(Answer answer) {
			if (answer.is(404, 410)) {
				this.gone = true;
				AppendClients.this.contradictions.add(this.path + " is gone: " + answer.reply());
			}
			answer.offset().ifPresent((offset) -> {
				if (offset > this.content.length) {
					AppendClients.this.contradictions.add(this.path + " has " + offset + " of " + this.content.length);
				}
				this.offset = Math.max(this.offset, offset);
			});
			if (answer.file().isPresent()) {
				this.file = answer.file();
			}
			else if (answer.is(400, 413, 415)) {
				this.gone = true;
				AppendClients.this.contradictions.add(this.path + " was refused: " + answer.reply());
			}
		}

	}

}
