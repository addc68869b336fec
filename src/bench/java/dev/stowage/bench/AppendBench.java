package dev.stowage.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an upload costs that continues in several requests, beside one in a single
 * request.
 */
class AppendBench {

	@Test
	void besideOneRequest() throws Exception {
		Table table = new Table(getClass(), "1 GiB appended in requests, and in one request", "store", "requests of",
				"appended, MiB/s", "in one request, MiB/s", "CPU-s per GiB appended", "in one request", "ratio of CPU");
		for (String name : Store.names()) {
			for (long size : Scale.APPENDED_SIZES) {
				try (Store store = Store.open(name); ServerProcess server = ServerProcess.start(store, settings())) {
					serveManyRequests(server);
					Turns turns = Turns.take(() -> appended(server, size), () -> inOneRequest(server));
					table.row(store.name(), Table.size(size),
							Turns.spread(turns.through(), (sample) -> 1024 * sample.perSecond()).with(0),
							Turns.spread(turns.direct(), (sample) -> 1024 * sample.perSecond()).with(0),
							Turns.spread(turns.through(), Sample::cpuSeconds).with(2),
							Turns.spread(turns.direct(), Sample::cpuSeconds).with(2), ratio(turns).with(2));
				}
			}
		}
	}

	/** A GiB is few requests, and most of what they cost a fresh server is compiling. */
	private static void serveManyRequests(ServerProcess server) throws Exception {
		List<String> ids = Collections.synchronizedList(new ArrayList<>());
		Load.run(server.url(), Scale.SMALL_AT_ONCE, Scale.WARM_REQUESTS / 3, (connection, number) -> {
			String upload = Client.beginAppended(connection, Scale.SMALL_SIZE);
			Client.append(connection, upload, 0, Scale.SMALL_SIZE);
			ids.add(file(upload));
		});
		server.delete(ids);
	}

	private static Map<String, String> settings() {
		return Map.of("STOWAGE_RESUMABLE_MAX_SIZE", "100GB");
	}

	private static Spread ratio(Turns turns) {
		return Spread.of(IntStream.range(0, turns.through().size())
			.mapToObj((pair) -> turns.through().get(pair).cpuSeconds() / turns.direct().get(pair).cpuSeconds())
			.toList());
	}

	private static Sample appended(ServerProcess server, long size) throws Exception {
		List<String> ids = new ArrayList<>();
		Sample sample = server.measure(() -> Load.run(server.url(), 1, 1, (connection, number) -> {
			String upload = Client.beginAppended(connection, Scale.GIB);
			append(connection, upload, 0, Scale.GIB, size);
			ids.add(file(upload));
		}));
		server.delete(ids);
		return sample;
	}

	private static void append(Connection connection, String upload, long from, long to, long size) throws Exception {
		for (long at = from; at < to; at += size) {
			Client.append(connection, upload, at, Math.min(size, to - at));
		}
	}

	private static String file(String upload) {
		return upload.replace("/v1/uploads/upload_", "file-");
	}

	private static Sample inOneRequest(ServerProcess server) throws Exception {
		List<String> ids = new ArrayList<>();
		Sample sample = server.measure(() -> Load.run(server.url(), 1, 1,
				(connection, number) -> ids.add(Client.upload(connection, Scale.GIB))));
		server.delete(ids);
		return sample;
	}

	@Test
	void finishes() throws Exception {
		Table table = new Table(getClass(), "The last byte of an upload", "store", "size", "sent, MiB/s",
				"CPU-s per GiB sent", "last request, s", "CPU-s of it", "RSS before", "peak RSS");
		for (String name : Store.outside()) {
			try (Store store = Store.open(name); ServerProcess server = ServerProcess.start(store, settings())) {
				// a JVM is slow before it has compiled
				finish(server, Scale.GIB / 4);
				Finished finished = finish(server, Scale.HUGE);
				double gib = Scale.HUGE / (double) Scale.GIB;
				table.row(store.name(), Table.size(Scale.HUGE), Math.round(1024 * gib / finished.sending().seconds()),
						"%.2f".formatted(finished.sending().cpuSeconds() / gib),
						"%.2f".formatted(finished.last().seconds()), "%.2f".formatted(finished.last().cpuSeconds()),
						Table.mib(finished.before().rss()), Table.mib(server.usage().peakRss()));
			}
		}
	}

	private static Finished finish(ServerProcess server, long size) throws Exception {
		List<String> uploads = new ArrayList<>();
		Sample sending = server.measure(() -> Load.run(server.url(), 1, 1, (connection, number) -> {
			uploads.add(Client.beginAppended(connection, size));
			append(connection, uploads.getFirst(), 0, size - 1, Scale.PART_SIZE);
		}));
		Usage before = server.usage();
		Sample last = server.measure(() -> Load.run(server.url(), 1, 1,
				(connection, number) -> Client.append(connection, uploads.getFirst(), size - 1, 1)));
		try (Connection connection = Connection.to(server.url())) {
			assertThat(Client.bytes(connection, file(uploads.getFirst()))).isEqualTo(size);
		}
		server.delete(List.of(file(uploads.getFirst())));
		return new Finished(sending, before, last);
	}

	@Test
	void manyOpenAndSilent() throws Exception {
		Table table = new Table(getClass(), "Open uploads, each with " + Table.size(Scale.SMALL_PART_SIZE), "store",
				"uploads", "idle after as many that were ended", "RSS with them open", "more than idle");
		for (String name : Store.outside()) {
			try (Store store = Store.open(name); ServerProcess server = ServerProcess.start(store, settings())) {
				end(server, open(server));
				server.measure(() -> new Load.Done(0, 0));
				long idle = server.usage().rss();
				List<String> uploads = open(server);
				server.measure(() -> new Load.Done(0, 0));
				long open = server.usage().rss();
				table.row(store.name(), "%,d".formatted(uploads.size()), Table.mib(idle), Table.mib(open),
						Table.mib(open - idle));
				end(server, uploads);
			}
		}
	}

	private static List<String> open(ServerProcess server) throws Exception {
		String[] uploads = new String[Scale.OPEN_UPLOADS];
		Load.run(server.url(), Scale.SMALL_AT_ONCE, uploads.length, (connection, number) -> {
			uploads[number] = Client.beginAppended(connection, Scale.GIB);
			Client.append(connection, uploads[number], 0, Scale.SMALL_PART_SIZE);
		});
		return List.of(uploads);
	}

	private static void end(ServerProcess server, List<String> uploads) throws Exception {
		Load.run(server.url(), Scale.SMALL_AT_ONCE, uploads.size(),
				(connection, number) -> Client.end(connection, uploads.get(number)));
	}

	/** What it took to send an upload, and its last byte. */
	private record Finished(Sample sending, Usage before, Sample last) {
	}

}
