package dev.stowage.faults;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Uploads continue after connections that break at any byte, on any instance, after an
 * instance is killed in the middle of a request, and after a restart of the store or the
 * database.
 */
class AppendFaults {

	private static final int KILLS_BETWEEN_AUDITS = 10;

	private static final int LOAD_MILLIS = 3_000;

	private static final int APPEND_MILLIS = 100;

	private static final int AWAY_MILLIS = 3_000;

	private int appending;

	@Test
	void cutAtAnyByte() throws Exception {
		try (Run run = run(World.distributed()); Server second = new Server(run.world, settings())) {
			run.server.start().awaitReady();
			second.start().awaitReady();
			try (AppendClients clients = clients(run, List.of(run.server.url(), second.url()))) {
				while (clients.cuts() < Scale.CUTS) {
					Thread.sleep(LOAD_MILLIS);
				}
				conclude(run, clients, "connections cut, 2 instances (" + run.world.name() + ")", clients.cuts());
			}
		}
	}

	@Test
	void killedOnWhatTheServerBringsAlong() throws Exception {
		try (Run run = run(World.embedded())) {
			kill(run, List.of(run.server));
		}
	}

	@Test
	void killedOnDatabaseAndStoreOfTheirOwn() throws Exception {
		try (Run run = run(World.distributed()); Server second = new Server(run.world, settings())) {
			second.start().awaitReady();
			kill(run, List.of(run.server, second));
		}
	}

	private void kill(Run run, List<Server> servers) throws Exception {
		run.server.start().awaitReady();
		try (AppendClients clients = clients(run, servers.stream().map(Server::url).toList())) {
			for (int kill = 1; kill <= Scale.KILLS; kill++) {
				if (kill % KILLS_BETWEEN_AUDITS == 0) {
					clients.paused(() -> run.audit.compare(false));
					run.requireNothingLost();
				}
				Thread.sleep(run.random.nextLong(LOAD_MILLIS));
				Waiting.await("an append").until(() -> clients.appending() > 0);
				Thread.sleep(run.random.nextLong(APPEND_MILLIS));
				Server killed = servers.get(run.random.nextInt(servers.size()));
				killed.kill();
				this.appending += (run.world.appendsUnderWay() > 0) ? 1 : 0;
				killed.start().awaitReady();
			}
			conclude(run, clients, "kill -9 of the server while clients append (" + run.world.name() + ")",
					Scale.KILLS);
			Report.note(this.appending + " kills came while a request was appending; " + clients.cuts()
					+ " connections were cut.");
		}
	}

	@Test
	void storeKilled() throws Exception {
		try (Run run = run(World.withEngine())) {
			run.server.start().awaitReady();
			Engine engine = run.world.engine();
			restart(run, engine::kill, engine::startAgain,
					"kill -9 of the store while clients append, " + engine.name());
		}
	}

	@Test
	void databaseKilled() throws Exception {
		try (Run run = run(World.distributed())) {
			run.server.start().awaitReady();
			PostgresProcess postgres = run.world.postgres();
			restart(run, postgres::kill, () -> {
				postgres.startAgain();
				run.server.awaitReady();
			}, "kill -9 of PostgreSQL while clients append (" + run.world.name() + ")");
		}
	}

	private static void restart(Run run, Clients.Work kill, Clients.Work startAgain, String fault) throws Exception {
		try (AppendClients clients = clients(run, List.of(run.server.url()))) {
			for (int restart = 1; restart <= Scale.RESTARTS; restart++) {
				Thread.sleep(run.random.nextLong(LOAD_MILLIS));
				kill.run();
				Thread.sleep(run.random.nextLong(AWAY_MILLIS));
				startAgain.run();
				clients.paused(() -> run.audit.compare(false));
				run.requireNothingLost();
			}
			conclude(run, clients, fault, Scale.RESTARTS);
		}
	}

	private static Map<String, String> settings() {
		Map<String, String> settings = new HashMap<>(Run.SHORT_DEADLINES);
		settings.put("STOWAGE_RESUMABLE_MAX_AGE", "10m");
		return settings;
	}

	private static Run run(World world) throws Exception {
		return new Run(AppendFaults.class, world, settings(), Seen.ofServer(200, 201, 204, 404, 409, 503),
				Seen.ofStore());
	}

	private static AppendClients clients(Run run, List<URI> servers) {
		return new AppendClients(new ArrayList<>(servers), run.api, new AppendApi(run.seen), run.ledger, run.random);
	}

	private static void conclude(Run run, AppendClients clients, String fault, int times) throws Exception {
		clients.close();
		run.world.endAppends();
		run.conclude(fault, times);
		assertThat(clients.contradictions()).as("answers that cannot both be true").isEmpty();
		Waiting.await("the rows of parts").untilAsserted(() -> assertThat(run.world.rowsOfAppends()).isZero());
	}

}
