package dev.stowage.bench;

import java.util.Map;

import dev.stowage.keys.KeyHash;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * What keys in the database, quotas and limits of requests cost: grants and small files
 * of one owner, in turn with a server that has its key in the settings, no limits, and no
 * triggers that count.
 */
class LimitsBench {

	private static final Table table = new Table(LimitsBench.class,
			"POST /v1/files of one owner, " + Scale.SMALL_AT_ONCE + " at a time", "database", "request",
			"with all limits, a second", "without, a second", "share", "with, CPU-s per 1,000",
			"without, CPU-s per 1,000", "ratio");

	private static final Map<String, String> LIMITS = Map.of("STOWAGE_API_KEYS", "other=sk-other-0123456789abcdef",
			"STOWAGE_QUOTA_FILES", "100000000", "STOWAGE_QUOTA_BYTES", "100TB", "STOWAGE_RATE_LIMIT", "10000000",
			"STOWAGE_UPLOADS_AT_ONCE", "1000", "STOWAGE_MAX_PENDING", "10000000");

	@Test
	void sqlite() throws Exception {
		try (Store.Forgetful store = Store.Forgetful.start();
				ServerProcess limited = ServerProcess.start(store, LIMITS);
				ServerProcess free = ServerProcess.start(store, Map.of("STOWAGE_MAX_PENDING", "10000000"))) {
			prepare(database("jdbc:sqlite:" + limited.folder().resolve("stowage.db")),
					database("jdbc:sqlite:" + free.folder().resolve("stowage.db")), "file_counts_new",
					"file_counts_change", "file_counts_gone");
			measure("SQLite", limited, free);
		}
	}

	@Test
	void postgres() throws Exception {
		try (DurablePostgres server = DurablePostgres.start(); Store.Forgetful store = Store.Forgetful.start()) {
			server.create("free");
			try (ServerProcess limited = ServerProcess.start(store,
					server.environment(DurablePostgres.DATABASE, LIMITS));
					ServerProcess free = ServerProcess.start(store,
							server.environment("free", Map.of("STOWAGE_MAX_PENDING", "10000000")))) {
				prepare(database(server.url(DurablePostgres.DATABASE)), database(server.url("free")), "file_counts");
				measure("PostgreSQL", limited, free);
			}
		}
	}

	private static JdbcClient database(String url) {
		return JdbcClient.create(new DriverManagerDataSource(url));
	}

	/** Adds the key to one, and removes from the other what counts. */
	private static void prepare(JdbcClient limited, JdbcClient free, String... triggers) {
		limited.sql("""
				INSERT INTO managed_key (id, owner, name, sha256, scopes, created_at)
				VALUES (:id, 'bench', 'bench', :hash, 'files.read files.write', 0)""")
			.param("id", ServerProcess.KEY_ID)
			.param("hash", KeyHash.of(ServerProcess.SECRET).hex())
			.update();
		for (String trigger : triggers) {
			free.sql("DROP TRIGGER " + trigger + ((triggers.length == 1) ? " ON file" : "")).update();
		}
	}

	private static void measure(String database, ServerProcess limited, ServerProcess free) throws Exception {
		measure(database, "grant", limited, free, (connection, number) -> Client.grant(connection));
		measure(database, "file of " + Table.size(Scale.SMALL_SIZE), limited, free,
				(connection, number) -> Client.upload(connection, Scale.SMALL_SIZE));
	}

	private static void measure(String database, String request, ServerProcess limited, ServerProcess free,
			Load.Task task) throws Exception {
		Turns turns = Turns.take(() -> load(limited, task), () -> load(free, task));
		Spread with = Turns.spread(turns.through(), (sample) -> sample.cpuPer(1000));
		Spread without = Turns.spread(turns.direct(), (sample) -> sample.cpuPer(1000));
		table.row(database, request, Turns.spread(turns.through(), Sample::perSecond).with(0),
				Turns.spread(turns.direct(), Sample::perSecond).with(0), turns.share(), with.with(2), without.with(2),
				"%.2f".formatted(with.median() / without.median()));
	}

	private static Sample load(ServerProcess server, Load.Task task) throws Exception {
		return server
			.measure(() -> Load.run(server.url(), Scale.SMALL_AT_ONCE, Scale.SMALL_REQUESTS, Scale.ROUND, task));
	}

}
