package dev.stowage.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.stowage.keys.KeyHash;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * What keys in the database, quotas and limits of requests cost: grants and small files
 * of one owner, in turn with another server.
 */
class LimitsBench {

	private static final Table table = new Table(LimitsBench.class,
			"POST /v1/files of one owner, " + Scale.SMALL_AT_ONCE + " at a time", "database, and the other server",
			"request", "with all limits, a second", "the other, a second", "share", "with, CPU-s per 1,000",
			"the other, CPU-s per 1,000", "ratio");

	private static final Map<String, String> FREE = Map.of("STOWAGE_MAX_PENDING", "10000000");

	private static final Map<String, String> WITHOUT_QUOTA = Map.of("STOWAGE_API_KEYS",
			"other=sk-other-0123456789abcdef", "STOWAGE_RATE_LIMIT", "10000000", "STOWAGE_UPLOADS_AT_ONCE", "1000",
			"STOWAGE_MAX_PENDING", "10000000");

	private static final Map<String, String> LIMITED = new HashMap<>(WITHOUT_QUOTA);

	static {
		LIMITED.put("STOWAGE_QUOTA_FILES", "100000000");
		LIMITED.put("STOWAGE_QUOTA_BYTES", "100TB");
	}

	private static final List<String> SQLITE_TRIGGERS = List.of("file_counts_new", "file_counts_change",
			"file_counts_gone");

	private static final List<String> POSTGRES_TRIGGERS = List.of("file_counts ON file");

	/** The other has its key in the settings, no limits, and no triggers that count. */
	@Test
	void sqlite() throws Exception {
		try (Store.Forgetful store = Store.Forgetful.start();
				ServerProcess limited = ServerProcess.start(store, LIMITED);
				ServerProcess free = ServerProcess.start(store, FREE)) {
			addKey(database("jdbc:sqlite:" + limited.folder().resolve("stowage.db")));
			drop(SQLITE_TRIGGERS, database("jdbc:sqlite:" + free.folder().resolve("stowage.db")));
			measure("SQLite, without limits", limited, free);
		}
	}

	/** The same. */
	@Test
	void postgres() throws Exception {
		onPostgres("PostgreSQL, without limits", FREE, POSTGRES_TRIGGERS);
	}

	/** The other has all but quotas, and no triggers that count. */
	@Test
	void quotasAlone() throws Exception {
		onPostgres("PostgreSQL, without quotas", WITHOUT_QUOTA, POSTGRES_TRIGGERS);
	}

	/** How much two servers differ that are the same. */
	@Test
	void noise() throws Exception {
		onPostgres("PostgreSQL, the same", LIMITED, List.of());
	}

	private static void onPostgres(String what, Map<String, String> settings, List<String> dropped) throws Exception {
		try (DurablePostgres server = DurablePostgres.start(); Store.Forgetful store = Store.Forgetful.start()) {
			server.create("other");
			try (ServerProcess limited = ServerProcess.start(store,
					server.environment(DurablePostgres.DATABASE, LIMITED));
					ServerProcess other = ServerProcess.start(store, server.environment("other", settings))) {
				addKey(database(server.url(DurablePostgres.DATABASE)));
				if (settings.containsKey("STOWAGE_API_KEYS")) {
					addKey(database(server.url("other")));
				}
				drop(dropped, database(server.url("other")));
				measure(what, limited, other);
			}
		}
	}

	private static JdbcClient database(String url) {
		return JdbcClient.create(new DriverManagerDataSource(url));
	}

	private static void addKey(JdbcClient database) {
		database.sql("""
				INSERT INTO managed_key (id, owner, name, sha256, scopes, created_at)
				VALUES (:id, 'bench', 'bench', :hash, 'files.read files.write', 0)""")
			.param("id", ServerProcess.KEY_ID)
			.param("hash", KeyHash.of(ServerProcess.SECRET).hex())
			.update();
	}

	private static void drop(List<String> triggers, JdbcClient database) {
		triggers.forEach((trigger) -> database.sql("DROP TRIGGER " + trigger).update());
	}

	private static void measure(String database, ServerProcess limited, ServerProcess other) throws Exception {
		measure(database, "grant", limited, other, (connection, number) -> Client.grant(connection));
		measure(database, "file of " + Table.size(Scale.SMALL_SIZE), limited, other,
				(connection, number) -> Client.upload(connection, Scale.SMALL_SIZE));
	}

	private static void measure(String database, String request, ServerProcess limited, ServerProcess other,
			Load.Task task) throws Exception {
		Turns turns = Turns.take(() -> load(limited, task), () -> load(other, task));
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
