package dev.stowage.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.stowage.file.FilledDatabase;
import org.junit.jupiter.api.Test;

/** How the cost of a request grows with file size, concurrency and number of files. */
class GrowthBench {

	private static final int ROUNDS = 3;

	private static final int AT_ONCE = 4;

	private static final long SIZE = 16 * Scale.MIB;

	@Test
	void withFileSize() throws Exception {
		Table table = table("Growth with file size, " + AT_ONCE + " at a time, null store", "file");
		try (Store store = Store.open("null"); ServerProcess server = ServerProcess.start(store, Map.of())) {
			Turns.warmUp(() -> round(server, AT_ONCE, Scale.SMALL_SIZE), () -> round(server, AT_ONCE, SIZE));
			for (long size : Scale.GROWING_SIZES) {
				row(table, Table.size(size), size, rounds(server, AT_ONCE, size));
			}
		}
	}

	@Test
	void withConcurrency() throws Exception {
		Table table = table("Growth with concurrency, files of " + Table.size(SIZE) + ", null store", "at a time");
		try (Store store = Store.open("null"); ServerProcess server = ServerProcess.start(store, Map.of())) {
			Turns.warmUp(() -> round(server, AT_ONCE, Scale.SMALL_SIZE), () -> round(server, AT_ONCE, SIZE));
			for (int atOnce : Scale.GROWING_CONCURRENCY) {
				row(table, atOnce, SIZE, rounds(server, atOnce, SIZE));
			}
		}
	}

	@Test
	void withNumberOfFiles() throws Exception {
		Table table = new Table(getClass(),
				"Growth with the number of files, " + Scale.SMALL_AT_ONCE + " requests at a time, SQLite, null store",
				"rows", "grants a second", "CPU-s per 1,000 grants", "uploads of 4 KiB a second",
				"CPU-s per 1,000 uploads");
		for (int rows : Scale.GROWING_ROWS) {
			Path folder = Files.createTempDirectory("stowage-bench");
			FilledDatabase.sqlite(folder, "bench", rows);
			try (Store store = Store.open("null");
					ServerProcess server = ServerProcess.start(folder, store, Map.of())) {
				Turns turns = Turns.take(() -> requests(server, (connection, number) -> Client.grant(connection)),
						() -> requests(server, (connection, number) -> Client.upload(connection, Scale.SMALL_SIZE)));
				table.row("%,d".formatted(rows), Turns.spread(turns.through(), Sample::perSecond).with(0),
						Turns.spread(turns.through(), (sample) -> sample.cpuPer(1000)).with(2),
						Turns.spread(turns.direct(), Sample::perSecond).with(0),
						Turns.spread(turns.direct(), (sample) -> sample.cpuPer(1000)).with(2));
			}
		}
	}

	private static Sample requests(ServerProcess server, Load.Task task) throws Exception {
		return server
			.measure(() -> Load.run(server.url(), Scale.SMALL_AT_ONCE, Scale.SMALL_REQUESTS, Scale.ROUND, task));
	}

	private static Table table(String title, String column) {
		return new Table(GrowthBench.class, title, column, "files a second", "MiB/s", "server CPU-ms per file",
				"server CPU-s per GiB");
	}

	private static List<Sample> rounds(ServerProcess server, int atOnce, long size) throws Exception {
		List<Sample> samples = new ArrayList<>();
		for (int round = 0; round < ROUNDS; round++) {
			samples.add(round(server, atOnce, size));
		}
		return samples;
	}

	private static Sample round(ServerProcess server, int atOnce, long size) throws Exception {
		return server.measure(() -> Load.run(server.url(), atOnce, Integer.MAX_VALUE, Scale.ROUND.dividedBy(2),
				(connection, number) -> Client.upload(connection, size)));
	}

	private static void row(Table table, Object name, long size, List<Sample> samples) {
		double mib = size / (double) Scale.MIB;
		table.row(name, Turns.spread(samples, Sample::perSecond).with(1),
				Turns.spread(samples, (sample) -> mib * sample.perSecond()).with(0),
				Turns.spread(samples, (sample) -> sample.cpuPer(1000)).with(1),
				Turns.spread(samples, (sample) -> sample.cpuPer(1024 / mib)).with(2));
	}

}
