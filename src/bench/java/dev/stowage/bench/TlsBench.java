package dev.stowage.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

/**
 * What it costs a server to encrypt what it sends to a store, beside signing it: the same
 * uploads over http, signed and not, and over https, in turn. All three servers are
 * equally warm.
 */
class TlsBench {

	private static final Work UPLOADS = Work
		.large((subject) -> (connection, number) -> Client.upload(connection, Scale.LARGE_SIZE));

	@Test
	void uploads() throws Exception {
		try (Store.Forgetful store = Store.Forgetful.start();
				TlsFront front = TlsFront.start(store.endpoint());
				ServerProcess signed = ServerProcess.start(store, Map.of());
				ServerProcess unsigned = ServerProcess.start(store, Map.of("STOWAGE_S3_SIGN_PAYLOAD", "false"));
				ServerProcess encrypted = ServerProcess.start(store, front.environment())) {
			Map<String, ServerProcess> ways = new LinkedHashMap<>();
			ways.put("http, payload signed", signed);
			ways.put("http, payload unsigned", unsigned);
			ways.put("https", encrypted);
			Map<String, List<Sample>> samples = new LinkedHashMap<>();
			for (ServerProcess server : ways.values()) {
				measure(server, UPLOADS.warmUp());
			}
			for (int round = 0; round < Scale.PAIRS; round++) {
				for (Map.Entry<String, ServerProcess> way : ways.entrySet()) {
					samples.computeIfAbsent(way.getKey(), (name) -> new ArrayList<>())
						.add(measure(way.getValue(), UPLOADS.round()));
				}
			}
			show(samples);
		}
	}

	private static Sample measure(ServerProcess server, int tasks) throws Exception {
		return UPLOADS.measure(server, UPLOADS.preparation().prepare(server), tasks);
	}

	private static void show(Map<String, List<Sample>> samples) {
		Table table = new Table(TlsBench.class,
				"Uploads of " + Table.size(Scale.LARGE_SIZE) + " to the null store, " + Scale.UPLOADS_AT_ONCE
						+ " at a time, after " + UPLOADS.amount(UPLOADS.warmUp()),
				"way", "server CPU-s per GiB", "beside signed", "GiB a second");
		List<Sample> signed = samples.values().iterator().next();
		samples.forEach(
				(way, its) -> table.row(way, Turns.spread(its, (sample) -> sample.cpuPer(UPLOADS.perUnit())).with(2),
						Turns.cpuRatio(its, signed).with(2),
						Turns.spread(its, (sample) -> sample.perSecond() / UPLOADS.perUnit()).with(2)));
	}

}
