package dev.stowage.bench;

import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;

/**
 * What an {@code Idempotency-Key} costs: small uploads with a new key each and without
 * one, in turn, in front of a store that takes no time.
 */
class IdempotencyBench {

	private static final Table table = new Table(IdempotencyBench.class,
			"Uploads of " + Table.size(Scale.SMALL_SIZE) + ", " + Scale.SMALL_AT_ONCE + " at a time", "database",
			"with a key, files/s", "without, files/s", "share", "server CPU-s per 1,000 with", "without");

	@Test
	void sqlite() throws Exception {
		measure("SQLite", Map.of());
	}

	@Test
	void postgres() throws Exception {
		try (DurablePostgres database = DurablePostgres.start()) {
			measure("PostgreSQL", database.environment(DurablePostgres.DATABASE));
		}
	}

	private void measure(String database, Map<String, String> settings) throws Exception {
		try (Store.Forgetful store = Store.Forgetful.start();
				ServerProcess server = ServerProcess.start(store, settings)) {
			Turns turns = Turns.take(
					() -> load(server,
							(connection, number) -> Client.upload(connection, Scale.SMALL_SIZE,
									UUID.randomUUID().toString())),
					() -> load(server, (connection, number) -> Client.upload(connection, Scale.SMALL_SIZE)));
			table.row(database, Turns.spread(turns.through(), Sample::perSecond).with(0),
					Turns.spread(turns.direct(), Sample::perSecond).with(0), turns.share(),
					Turns.spread(turns.through(), (sample) -> sample.cpuPer(1000)).with(2),
					Turns.spread(turns.direct(), (sample) -> sample.cpuPer(1000)).with(2));
		}
	}

	private static Sample load(ServerProcess server, Load.Task task) throws Exception {
		return server
			.measure(() -> Load.run(server.url(), Scale.SMALL_AT_ONCE, Scale.SMALL_REQUESTS, Scale.ROUND, task));
	}

}
