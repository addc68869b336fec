package dev.stowage.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Instances are killed repeatedly, and uploads lose their leases, while clients repeat
 * each request with its key: afterwards there is one file for each.
 */
class IdempotencyFaults {

	private static final int INSTANCES = 3;

	private static final int LOAD_MILLIS = 3_000;

	private static final int KILLS_BETWEEN_LEASES = 2;

	private static final Duration UNSWEPT = Duration.ofMinutes(10);

	private final RandomGenerator random = new SplittableRandom(Scale.SEED);

	private final Ledger ledger = new Ledger();

	/** An upload loses its lease (503), and a grant its pending file (404). */
	private final Seen seen = Seen.ofServer(200, 400, 404, 409, 503);

	private final Seen seenOfStore = Seen.ofStore(200, 403);

	private final List<Server> servers = new ArrayList<>();

	@Test
	void onDatabaseAndStoreOfTheirOwn() throws Exception {
		try (World world = World.distributed()) {
			for (int i = 0; i < INSTANCES; i++) {
				this.servers.add(new Server(world, Run.SHORT_DEADLINES));
			}
			for (Server server : this.servers) {
				server.start().awaitReady();
			}
			kill(world);
		}
		finally {
			this.servers.forEach(Server::close);
		}
	}

	private void kill(World world) throws Exception {
		List<Api> apis = this.servers.stream()
			.map((server) -> new Api(server.url(), this.seen, this.seenOfStore))
			.toList();
		try (Audit audit = new Audit(this.servers.getFirst(), this.ledger)) {
			KeyedClients clients = new KeyedClients(apis, this.ledger, this.random);
			try (clients) {
				for (int kill = 1; kill <= Scale.KILLS; kill++) {
					Thread.sleep(this.random.nextLong(LOAD_MILLIS));
					Server killed = this.servers.get(this.random.nextInt(INSTANCES));
					killed.kill();
					if (kill % KILLS_BETWEEN_LEASES == 0) {
						world.endLeases();
					}
					killed.start().awaitReady();
				}
				// clients that wait for a killed upload get its key
				world.endLeases();
				Thread.sleep(LOAD_MILLIS);
			}
			conclude(world, audit, clients);
		}
	}

	private void conclude(World world, Audit audit, KeyedClients clients) throws IOException, InterruptedException {
		world.endLeases();
		Waiting.await("uploads that are in progress").atMost(UNSWEPT).until(() -> world.uploadsUnderWay() == 0);
		audit.compare(true);
		audit.awaitSwept();
		audit.compare(true);
		Report.row(getClass(),
				"kill -9 of one of " + INSTANCES + " instances, each request with a key (" + world.name() + ")",
				Scale.KILLS, this.seen, this.seenOfStore, audit);
		Report.note(clients.repeats() + " requests were repeated, " + clients.contradictions().size()
				+ " of them with another answer.");
		assertThat(clients.contradictions()).as("keys with two files").isEmpty();
		assertThat(audit.lost()).as("acknowledged files lost").isEmpty();
		assertThat(audit.wrong()).as("files that are listed twice, or wrong").isEmpty();
		assertThat(audit.orphans()).as("orphans after the sweep").isEmpty();
		assertThat(this.seen.surprises()).as("answers that nobody should see").isEmpty();
	}

}
