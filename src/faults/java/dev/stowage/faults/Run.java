package dev.stowage.faults;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

import dev.stowage.faults.Ledger.Entry;

import static org.assertj.core.api.Assertions.assertThat;

/** A server with its own database and store, with clients and what they know. */
final class Run implements AutoCloseable {

	/** Short, so that failed uploads are swept during the run. */
	static final Map<String, String> SHORT_DEADLINES = Map.of("STOWAGE_UPLOAD_TIMEOUT", "10s", "STOWAGE_UPLOAD_URL_TTL",
			"20s", "STOWAGE_PRESIGNED_COMPLETION_WINDOW", "10s");

	/** For faults that last some seconds. */
	static final Map<String, String> DEADLINES = Map.of("STOWAGE_UPLOAD_TIMEOUT", "30s", "STOWAGE_UPLOAD_URL_TTL",
			"60s", "STOWAGE_PRESIGNED_COMPLETION_WINDOW", "10s");

	/** Longer than a server removes nothing after a pause. */
	private static final Duration UNSWEPT = Duration.ofMinutes(10);

	private static final int LOAD_MILLIS = 4_000;

	private static final int AWAY_MILLIS = 4_000;

	private final Class<?> faults;

	final RandomGenerator random = new SplittableRandom(Scale.SEED);

	final World world;

	final Server server;

	final Ledger ledger = new Ledger();

	final Seen seen;

	final Seen seenOfStore;

	final Api api;

	final Audit audit;

	Run(Class<?> faults, World world, Map<String, String> settings, Seen seen, Seen seenOfStore) throws IOException {
		this.faults = faults;
		this.world = world;
		this.seen = seen;
		this.seenOfStore = seenOfStore;
		this.server = new Server(world, settings);
		this.api = new Api(this.server.url(), seen, seenOfStore);
		this.audit = new Audit(this.server, this.ledger);
	}

	Clients clients() {
		return new Clients(this.api, this.ledger, this.random);
	}

	/** Kills a process under load and starts it again, as often as requested. */
	void restartUnderLoad(Clients.Work kill, Clients.Work startAgain) throws Exception {
		this.server.start().awaitReady();
		try (Clients clients = clients()) {
			for (int restart = 1; restart <= Scale.RESTARTS; restart++) {
				Thread.sleep(this.random.nextLong(LOAD_MILLIS));
				kill.run();
				Thread.sleep(this.random.nextLong(AWAY_MILLIS));
				startAgain.run();
				clients.paused(() -> this.audit.compare(false));
				requireNothingLost();
			}
		}
	}

	/** Sends files of both styles, which must not change from then on. */
	void keep(int ofEachStyle) throws IOException, InterruptedException {
		for (int i = 0; i < ofEachStyle; i++) {
			Entry form = this.ledger.next(this.random, false);
			acknowledge(form, this.api.upload(form.content));
			Entry presigned = this.ledger.next(this.random, true);
			Reply grant = this.api.grant(presigned.content);
			this.api.put(URI.create(grant.text("upload_url")), presigned.content);
			acknowledge(presigned, this.api.complete(grant.text("id")));
		}
	}

	private void acknowledge(Entry entry, Reply reply) {
		assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
		this.ledger.acknowledge(entry, reply.text("id"));
	}

	/** Fails if something is lost or wrong. */
	void requireNothingLost() throws IOException {
		assertThat(this.audit.lost()).as("acknowledged files lost").isEmpty();
		assertThat(this.audit.wrong()).as("wrong or extra files").isEmpty();
		assertThat(this.server.logged("OutOfMemoryError")).isEmpty();
	}

	/** Checks everything again, writes the row and fails if a requirement is violated. */
	void conclude(String fault, int times) throws IOException, InterruptedException {
		// of clients that did not wait for their answer
		Waiting.await("uploads that are in progress").atMost(UNSWEPT).until(() -> this.world.uploadsUnderWay() == 0);
		this.audit.compare(true);
		Duration swept = this.audit.awaitSwept();
		this.audit.compare(true);
		Report.row(this.faults, fault, times, this.seen, this.seenOfStore, this.audit);
		Report.note("The bucket was clean after " + swept.toSeconds() + " s; " + this.server.logged(" ERROR ").size()
				+ " errors logged.");
		requireNothingLost();
		assertThat(this.audit.orphans()).as("orphans after the sweep").isEmpty();
		assertThat(this.seen.surprises()).as("answers of the server that nobody should see").isEmpty();
		assertThat(this.seenOfStore.surprises()).as("answers of the store that nobody should see").isEmpty();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		this.audit.close();
		this.world.close();
	}

}
