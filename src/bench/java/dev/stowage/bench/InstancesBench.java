package dev.stowage.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The same uploads to one instance, to two and to four, which share one PostgreSQL and
 * one store. All four run all the time and are equally warm; the instances that get the
 * load take turns.
 */
class InstancesBench {

	private static final int MOST = 4;

	private static final int[] INSTANCES = { 1, 2, MOST };

	private static final int SAMPLE_MILLIS = 50;

	private static final String WAITING = """
			SELECT wait_event FROM pg_stat_activity
			WHERE wait_event_type = 'Lock' AND datname = current_database() AND pid <> pg_backend_pid()""";

	private static final Table table = new Table(InstancesBench.class, "Instances, PostgreSQL, null store", "owners",
			"file", "instances", "files a second", "servers, CPU-ms a file", "beside one instance",
			"PostgreSQL, CPU-ms a file", "samples with a wait for a lock", "transactions a file", "log, KiB a file");

	@Test
	void ofOneOwner() throws Exception {
		measure("one", false);
	}

	@Test
	void ofAnOwnerEach() throws Exception {
		measure("one for each instance", true);
	}

	private static void measure(String owners, boolean each) throws Exception {
		try (DurablePostgres postgres = DurablePostgres.start(); Store.Forgetful store = Store.Forgetful.start()) {
			List<ServerProcess> servers = new ArrayList<>();
			try {
				for (int i = 0; i < MOST; i++) {
					servers.add(ServerProcess
						.start(store, postgres.environment(DurablePostgres.DATABASE, Map.of("STOWAGE_API_KEYS",
								"owner" + (each ? i : 0) + "=" + ServerProcess.KEY, "STOWAGE_SWEEP_INTERVAL", "60s"))));
				}
				Instances all = new Instances(postgres.url(DurablePostgres.DATABASE), servers);
				all.measure(owners, Scale.SMALL_SIZE, Scale.INSTANCE_FILES, Scale.SMALL_AT_ONCE);
				all.measure(owners, Scale.MANY_SIZE, Scale.INSTANCE_FILES / 250, MOST);
			}
			finally {
				for (ServerProcess server : servers) {
					server.close();
				}
			}
		}
	}

	/** Servers over one database. */
	private record Instances(String database, List<ServerProcess> servers) {

		private void measure(String owners, long size, int files, int atOnce) throws Exception {
			// each instance the same number
			for (int i = 0; i < MOST; i++) {
				load(List.of(this.servers.get(i)), size, files, atOnce);
			}
			Map<Integer, List<Round>> rounds = new TreeMap<>();
			for (int turn = 0; turn < MOST; turn++) {
				for (int count : INSTANCES) {
					rounds.computeIfAbsent(count, (any) -> new ArrayList<>())
						.add(round(some(turn, count), size, files, atOnce));
				}
			}
			double alone = Spread.of(rounds.getOrDefault(1, List.of()).stream().map(Round::cpu).toList()).median();
			rounds.forEach((count, all) -> {
				Spread cpu = Spread.of(all.stream().map(Round::cpu).toList());
				table.row(owners, Table.size(size), count,
						Spread.of(all.stream().map(Round::perSecond).toList()).with(1), cpu.with(2),
						"%.2f".formatted(cpu.median() / alone),
						Spread.of(all.stream().map(Round::postgres).toList()).with(2), Round.waits(all),
						Spread.of(all.stream().map(Round::transactions).toList()).with(1),
						Spread.of(all.stream().map(Round::log).toList()).with(1));
			});
		}

		private List<ServerProcess> some(int turn, int count) {
			return Stream.iterate(turn, (i) -> i + 1).limit(count).map((i) -> this.servers.get(i % MOST)).toList();
		}

		private Round round(List<ServerProcess> some, long size, int files, int atOnce) throws Exception {
			try (Sampler sampler = new Sampler(this.database)) {
				for (ServerProcess server : some) {
					// waits until it is idle
					server.measure(() -> new Load.Done(0, 0));
				}
				double before = cpu(some);
				double beforePostgres = sampler.cpu();
				long transactions = sampler.number("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
				long log = sampler.number("SELECT (pg_current_wal_lsn() - '0/0')::bigint");
				sampler.start();
				double seconds = load(some, size, files, atOnce);
				sampler.stop();
				return new Round(files / seconds, (cpu(some) - before) * 1000 / files,
						(sampler.cpu() - beforePostgres) * 1000 / files, sampler.samples, sampler.waits,
						(sampler.number("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint") - transactions)
								/ (double) files,
						(sampler.number("SELECT (pg_current_wal_lsn() - '0/0')::bigint") - log) / 1024.0 / files);
			}
		}

		private static double cpu(List<ServerProcess> some) throws IOException {
			double seconds = 0;
			for (ServerProcess server : some) {
				seconds += server.usage().cpuSeconds();
			}
			return seconds;
		}

		/** As many connections in all, whatever the number of instances. */
		private static double load(List<ServerProcess> some, long size, int files, int atOnce) throws Exception {
			long start = System.nanoTime();
			try (Load.Crew crew = new Load.Crew(Executors.newCachedThreadPool())) {
				for (ServerProcess server : some) {
					crew.start(() -> Load.run(server.url(), atOnce / some.size(), files / some.size(),
							(connection, number) -> Client.upload(connection, size)));
				}
				crew.join();
			}
			return (System.nanoTime() - start) / 1e9;
		}

	}

	/**
	 * The result of one round; what it took is of one file.
	 *
	 * @param samples how often the database was asked who waits for a lock
	 * @param waits for what, and how often
	 */
	private record Round(double perSecond, double cpu, double postgres, int samples, Map<String, Integer> waits,
			double transactions, double log) {

		static String waits(List<Round> all) {
			Map<String, Integer> sums = new TreeMap<>();
			all.forEach((round) -> round.waits.forEach((event, count) -> sums.merge(event, count, Integer::sum)));
			return sums.values().stream().mapToInt(Integer::intValue).sum() + " of "
					+ all.stream().mapToInt(Round::samples).sum() + (sums.isEmpty() ? "" : " " + sums);
		}

	}

	/** Asks the database again and again who waits, over one connection. */
	private static final class Sampler implements AutoCloseable {

		private final SingleConnectionDataSource connection;

		private final JdbcClient jdbc;

		private final long postmaster;

		private final Map<String, Integer> waits = new TreeMap<>();

		private int samples;

		private volatile boolean running = true;

		private final Thread thread = new Thread(this::sample);

		private Sampler(String url) throws IOException {
			this.connection = new SingleConnectionDataSource(url, true);
			this.jdbc = JdbcClient.create(this.connection);
			this.postmaster = Long.parseLong(stat(number("SELECT pg_backend_pid()"))[1]);
		}

		private long number(String sql) {
			return this.jdbc.sql(sql).query(Long.class).single();
		}

		private void start() {
			this.thread.start();
		}

		private void sample() {
			try {
				while (this.running) {
					List<String> events = this.jdbc.sql(WAITING).query((row, number) -> row.getString(1)).list();
					this.samples++;
					events.stream().distinct().forEach((event) -> this.waits.merge(event, 1, Integer::sum));
					Thread.sleep(SAMPLE_MILLIS);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		private void stop() throws InterruptedException {
			this.running = false;
			this.thread.join();
		}

		/** CPU-seconds of all of PostgreSQL's processes, those that ended among them. */
		private double cpu() throws IOException {
			double ticks = 0;
			try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
				for (Path process : processes.filter((path) -> path.getFileName().toString().matches("[0-9]+"))
					.sorted(Comparator.naturalOrder())
					.toList()) {
					long pid = Long.parseLong(process.getFileName().toString());
					String[] fields = Files.exists(process.resolve("stat")) ? stat(pid) : new String[0];
					boolean is = fields.length > 0
							&& (pid == this.postmaster || fields[1].equals(Long.toString(this.postmaster)));
					for (int field = 11; is && field < ((pid == this.postmaster) ? 15 : 13); field++) {
						ticks += Long.parseLong(fields[field]);
					}
				}
			}
			return ticks / 100;
		}

		/** What follows the name of a process; empty if it has ended. */
		private static String[] stat(long pid) throws IOException {
			try {
				String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
				return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
			}
			catch (IOException ex) {
				return new String[0];
			}
		}

		@Override
		public void close() {
			this.connection.destroy();
		}

	}

}
