package dev.stowage.bench;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/**
 * What a small file costs with each of the JVM's collectors: a server with each, in turn,
 * after many files.
 */
class CollectorBench {

	private static final List<String> COLLECTORS = List.of("G1", "Serial", "Parallel");

	private final Table table = new Table(getClass(),
			"Uploads of " + Table.size(Scale.SMALL_SIZE) + ", " + Scale.SMALL_AT_ONCE + " at a time, after "
					+ Scale.WARM_REQUESTS,
			"collector", "server CPU-s per 1,000", "beside G1", "files a second", "peak RSS");

	@Test
	void smallFiles() throws Exception {
		Map<String, ServerProcess> servers = new LinkedHashMap<>();
		try (Store.Forgetful store = Store.Forgetful.start()) {
			for (String collector : COLLECTORS) {
				servers.put(collector, ServerProcess.start(Files.createTempDirectory("stowage-bench"), store, Map.of(),
						arguments(collector)));
			}
			for (ServerProcess server : servers.values()) {
				Load.run(server.url(), Scale.SMALL_AT_ONCE, Scale.WARM_REQUESTS, CollectorBench::upload);
			}
			measure(servers);
		}
		finally {
			for (ServerProcess server : servers.values()) {
				server.close();
			}
		}
	}

	/** Those of every benchmark, but for the collector. */
	private static List<String> arguments(String collector) {
		return Stream
			.concat(Scale.JAVA_OPTIONS.stream().filter((option) -> !option.matches("-XX:\\+Use\\w+GC")),
					Stream.of("-XX:+Use" + collector + "GC", "-jar", Application.JAR.toString()))
			.toList();
	}

	private void measure(Map<String, ServerProcess> servers) throws Exception {
		Map<String, List<Sample>> samples = new LinkedHashMap<>();
		for (int round = 0; round < Scale.PAIRS; round++) {
			for (Map.Entry<String, ServerProcess> server : servers.entrySet()) {
				samples.computeIfAbsent(server.getKey(), (collector) -> new ArrayList<>()).add(load(server.getValue()));
			}
		}
		for (Map.Entry<String, ServerProcess> server : servers.entrySet()) {
			List<Sample> own = samples.getOrDefault(server.getKey(), List.of());
			this.table.row(server.getKey(), Turns.spread(own, (sample) -> sample.cpuPer(1000)).with(2),
					Turns.cpuRatio(own, samples.getOrDefault(COLLECTORS.getFirst(), List.of())).with(2),
					Turns.spread(own, Sample::perSecond).with(0), Table.mib(server.getValue().usage().peakRss()));
		}
	}

	private static Sample load(ServerProcess server) throws Exception {
		return server.measure(() -> Load.run(server.url(), Scale.SMALL_AT_ONCE, Scale.SMALL_REQUESTS, Scale.ROUND,
				CollectorBench::upload));
	}

	private static void upload(Connection connection, int number) throws Exception {
		Client.upload(connection, Scale.SMALL_SIZE);
	}

}
