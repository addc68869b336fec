package dev.stowage.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.random.RandomGenerator;

/** Clients that send files in parts, and continue after any answer. */
final class PartClients implements AutoCloseable {

	/** With more files than that, they delete more than they send. */
	private static final int ENOUGH_FILES = 60;

	private static final int PAUSE_MILLIS = 100;

	/** How long a client waits for a server that was killed. */
	private static final int ATTEMPTS = 300;

	private final Api api;

	private final Ledger ledger;

	private final List<Client> all = new ArrayList<>();

	/** Held for reading during each file, and for writing to exclude clients. */
	private final ReadWriteLock gate = new ReentrantReadWriteLock(true);

	private final Queue<String> contradictions = new ConcurrentLinkedQueue<>();

	private volatile boolean ended;

	PartClients(Api api, Ledger ledger, RandomGenerator random) {
		this.api = api;
		this.ledger = ledger;
		for (int i = 0; i < Scale.CLIENTS; i++) {
			Client client = new Client(new SplittableRandom(random.nextLong()));
			client.thread.start();
			this.all.add(client);
		}
	}

	/** Answers that cannot both be true. */
	Collection<String> contradictions() {
		return this.contradictions;
	}

	/** Whether a client waits for the answer to a completion. */
	boolean areCompleting() {
		return this.all.stream().anyMatch((client) -> client.completing);
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
			for (Client client : this.all) {
				client.thread.join();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** A request that may be repeated. */
	private interface Request {

		Reply send() throws IOException, InterruptedException;

	}

	/** One client. */
	private final class Client {

		private final RandomGenerator random;

		private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::run);

		private volatile boolean completing;

		private Client(RandomGenerator random) {
			this.random = random;
		}

		private void run() {
			while (!PartClients.this.ended) {
				PartClients.this.gate.readLock().lock();
				try {
					if (this.random.nextInt(ENOUGH_FILES) < PartClients.this.ledger.size() / 2) {
						delete();
					}
					else {
						upload(PartClients.this.ledger.next(this.random, false));
					}
				}
				catch (InterruptedException ex) {
					return;
				}
				finally {
					this.completing = false;
					PartClients.this.gate.readLock().unlock();
				}
			}
		}

		private void upload(Ledger.Entry entry) throws InterruptedException {
			// until it is completed, it does not exist
			entry.state = Ledger.State.REFUSED;
			Optional<Reply> begun = await(() -> PartClients.this.api.begin(entry.content));
			if (begun.isEmpty() || begun.get().status() != 200) {
				return;
			}
			PartUpload upload = new PartUpload(begun.get().text("id"), entry, this.random.nextInt(1, 7));
			if (!sendParts(upload)) {
				return;
			}
			int way = this.random.nextInt(10);
			if (way == 0) {
				// abandoned: it expires
				return;
			}
			entry.id = upload.fileId();
			entry.state = Ledger.State.SENT;
			this.completing = true;
			if (way < 3) {
				completeAndCancel(upload);
			}
			else if (way < 6 && upload.isOrdered()) {
				completeTwice(upload);
			}
			else {
				outcome(upload, completed(upload, upload.list()), upload.list());
			}
		}

		/** Several at the same time; some are sent twice, or not named later. */
		private boolean sendParts(PartUpload upload) throws InterruptedException {
			List<Thread> senders = new ArrayList<>();
			for (int i = 0; i < upload.count(); i++) {
				int number = i;
				int times = (this.random.nextInt(8) == 0) ? 2 : 1;
				senders.add(Thread.ofVirtual().start(() -> {
					try {
						for (int time = 0; time < times; time++) {
							await(() -> PartClients.this.api.part(upload.id(), upload.bytes(number)))
								.filter((reply) -> reply.status() == 200)
								.ifPresent((reply) -> upload.arrived(number, reply.text("id")));
						}
					}
					catch (InterruptedException ex) {
						Thread.currentThread().interrupt();
					}
				}));
			}
			for (Thread sender : senders) {
				sender.join();
			}
			return upload.haveAllArrived();
		}

		private Optional<Reply> completed(PartUpload upload, List<String> list) throws InterruptedException {
			return await(() -> PartClients.this.api.complete(upload.id(), list));
		}

		/** Two lists of the same parts: one of them becomes the file, at most. */
		private void completeTwice(PartUpload upload) throws InterruptedException {
			List<String> list = upload.list();
			List<String> other = list.reversed();
			upload.entry().sums = Set.of(upload.sum(list), upload.sum(other));
			List<Optional<Reply>> others = new ArrayList<>();
			Thread second = Thread.ofVirtual().start(() -> {
				try {
					others.add(completed(upload, other));
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
			Optional<Reply> first = completed(upload, list);
			second.join();
			Optional<Reply> last = others.isEmpty() ? Optional.empty() : others.getFirst();
			if (is(first, 200) && is(last, 200)) {
				contradict(upload, "two lists were accepted", first, last);
			}
			else if (is(last, 200)) {
				outcome(upload, last, other);
			}
			else {
				outcome(upload, first, list);
			}
		}

		private void completeAndCancel(PartUpload upload) throws InterruptedException {
			List<Optional<Reply>> cancels = new ArrayList<>();
			int delay = this.random.nextInt(150);
			Thread cancel = Thread.ofVirtual().start(() -> {
				try {
					Thread.sleep(delay);
					cancels.add(await(() -> PartClients.this.api.cancel(upload.id())));
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
			Optional<Reply> completed = completed(upload, upload.list());
			cancel.join();
			Optional<Reply> cancelled = cancels.isEmpty() ? Optional.empty() : cancels.getFirst();
			if (is(completed, 200) && is(cancelled, 200)) {
				contradict(upload, "completed and cancelled", completed, cancelled);
			}
			else if (is(cancelled, 200)) {
				upload.entry().state = Ledger.State.REFUSED;
			}
			else {
				outcome(upload, completed, upload.list());
			}
		}

		private void outcome(PartUpload upload, Optional<Reply> reply, List<String> list) throws InterruptedException {
			Ledger.Entry entry = upload.entry();
			if (is(reply, 200)) {
				entry.sums = Set.of(upload.sum(list));
				String file = reply.orElseThrow().json().at("/file/id").asString();
				if (!file.equals(upload.fileId())) {
					contradict(upload, "another file", reply, Optional.empty());
				}
				Optional<Reply> again = completed(upload, list);
				if (again.isPresent() && !Arrays.equals(again.get().body(), reply.orElseThrow().body())) {
					contradict(upload, "a repeat is answered otherwise", reply, again);
				}
				PartClients.this.ledger.acknowledge(entry, file);
			}
			else if (is(reply, 400)) {
				String why = reply.orElseThrow().text("detail");
				if (why.endsWith(" is cancelled. Create a new upload.")
						|| why.endsWith(" is expired. Create a new upload.")) {
					entry.state = Ledger.State.REFUSED;
				}
				else if (!why.endsWith(" is completed.") || !upload.isOrdered()) {
					// for example, that an acknowledged part is none
					contradict(upload, "a good list was refused", reply, Optional.empty());
				}
			}
		}

		private static boolean is(Optional<Reply> reply, int status) {
			return reply.filter((it) -> it.status() == status).isPresent();
		}

		private void contradict(PartUpload upload, String what, Optional<Reply> one, Optional<Reply> other) {
			PartClients.this.contradictions.add(upload.id() + ": " + what + ": " + one + ", " + other);
		}

		/**
		 * Repeats a request until its answer is final.
		 * @return empty if there is none
		 */
		private static Optional<Reply> await(Request request) throws InterruptedException {
			for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
				try {
					Reply reply = request.send();
					if (reply.status() < 500 && reply.status() != 409) {
						return Optional.of(reply);
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
			Optional<Ledger.Entry> borrowed = PartClients.this.ledger.borrow(this.random);
			if (borrowed.isEmpty()) {
				return;
			}
			Ledger.Entry entry = borrowed.get();
			entry.state = Ledger.State.LEAVING;
			try {
				Reply reply = PartClients.this.api.delete(entry.id);
				if (reply.status() == 200) {
					entry.state = Ledger.State.GONE;
				}
				else if (reply.status() < 500) {
					PartClients.this.ledger.miss(entry, reply);
				}
			}
			catch (IOException ex) {
				Thread.sleep(PAUSE_MILLIS);
			}
		}

	}

}
