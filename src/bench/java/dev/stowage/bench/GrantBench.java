package dev.stowage.bench;

import java.util.List;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How fast upload URLs are issued: a row and a signature each. */
class GrantBench {

	private static final Table table = new Table(GrantBench.class,
			"POST /v1/files, " + Scale.SMALL_AT_ONCE + " at a time", "database", "a second", "server CPU-s per 1,000",
			"peak RSS", "disk written");

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

	/** More pending files than an owner may have by default. */
	private static Map<String, String> withoutLimit(Map<String, String> settings) {
		Map<String, String> all = new HashMap<>(settings);
		all.put("STOWAGE_MAX_PENDING", "10000000");
		return all;
	}

	private void measure(String database, Map<String, String> settings) throws Exception {
		try (Store.Forgetful store = Store.Forgetful.start();
				ServerProcess server = ServerProcess.start(store, withoutLimit(settings))) {
			long before = store.count("requests");
			List<Sample> samples = Turns.alone(() -> server.measure(() -> Load.run(server.url(), Scale.SMALL_AT_ONCE,
					Scale.SMALL_REQUESTS, Scale.ROUND, (connection, number) -> Client.grant(connection))));
			assertThat(store.count("requests")).as("calls to the store").isEqualTo(before);
			Usage usage = server.usage();
			table.row(database, Turns.spread(samples, Sample::perSecond).with(0),
					Turns.spread(samples, (sample) -> sample.cpuPer(1000)).with(2), Table.mib(usage.peakRss()),
					Table.mib(usage.written()));
		}
	}

}
