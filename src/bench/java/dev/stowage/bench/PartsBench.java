package dev.stowage.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What an upload in parts costs, beside one in a single request and by itself. */
class PartsBench {

	private static final Table completions = new Table(PartsBench.class, "An upload in parts is completed", "store",
			"parts", "sent, MiB/s", "server CPU-s per GiB sent", "complete, s", "CPU-s of complete", "RSS before",
			"peak RSS", "disk written");

	@Test
	void besideOneRequest() throws Exception {
		Table table = new Table(getClass(),
				"1 GiB in parts of " + Table.size(Scale.PART_SIZE) + ", " + Scale.PARTS_AT_ONCE
						+ " at a time, and in one request",
				"store", "in parts, MiB/s", "in one request, MiB/s", "CPU-s per GiB in parts", "in one request",
				"ratio of CPU");
		for (String name : Store.names()) {
			try (Store store = Store.open(name); ServerProcess server = ServerProcess.start(store, Map.of())) {
				Turns turns = Turns.take(() -> inParts(server), () -> inOneRequest(server));
				table.row(store.name(), Turns.spread(turns.through(), (sample) -> 1024 * sample.perSecond()).with(0),
						Turns.spread(turns.direct(), (sample) -> 1024 * sample.perSecond()).with(0),
						Turns.spread(turns.through(), Sample::cpuSeconds).with(2),
						Turns.spread(turns.direct(), Sample::cpuSeconds).with(2),
						Turns.cpuRatio(turns.through(), turns.direct()).with(2));
			}
		}
	}

	private static Sample inParts(ServerProcess server) throws Exception {
		List<String> ids = new ArrayList<>();
		Sample sample = server.measure(() -> {
			long start = System.nanoTime();
			Sent sent = send(server, Math.toIntExact(Scale.GIB / Scale.PART_SIZE), Scale.PART_SIZE,
					Scale.PARTS_AT_ONCE);
			ids.add(complete(server, sent));
			return new Load.Done(1, (System.nanoTime() - start) / 1e9);
		});
		server.delete(ids);
		return sample;
	}

	private static Sample inOneRequest(ServerProcess server) throws Exception {
		List<String> ids = new ArrayList<>();
		Sample sample = server.measure(() -> Load.run(server.url(), 1, 1,
				(connection, number) -> ids.add(Client.upload(connection, Scale.GIB))));
		server.delete(ids);
		return sample;
	}

	@Test
	void completesLargeParts() throws Exception {
		for (String name : Store.outside()) {
			measureCompletion(name, Scale.LARGE_PARTS, Scale.PART_SIZE, Scale.PARTS_AT_ONCE);
		}
	}

	@Test
	void completesManySmallParts() throws Exception {
		for (String name : Store.outside()) {
			measureCompletion(name, Scale.SMALL_PARTS, Scale.SMALL_PART_SIZE, Scale.SMALL_AT_ONCE);
		}
	}

	private static void measureCompletion(String name, int parts, long size, int atOnce) throws Exception {
		try (Store store = Store.open(name); ServerProcess server = ServerProcess.start(store, Map.of())) {
			// a JVM is slow before it has compiled
			server.delete(List.of(complete(server, send(server, Math.min(parts, 1_000), size / 10, atOnce))));
			Usage start = server.usage();
			List<Sent> sent = new ArrayList<>();
			Sample sending = server.measure(() -> {
				sent.add(send(server, parts, size, atOnce));
				return sent.getFirst().done();
			});
			Usage before = server.usage();
			List<String> ids = new ArrayList<>();
			Sample completing = server.measure(() -> Load.run(server.url(), 1, 1,
					(connection, number) -> ids.add(complete(connection, sent.getFirst()))));
			Usage after = server.usage();
			double gib = parts * size / (double) Scale.GIB;
			completions.row(store.name(), "%,d × %s".formatted(parts, Table.size(size)),
					Math.round(1024 * gib / sending.seconds()), "%.2f".formatted(sending.cpuSeconds() / gib),
					"%.2f".formatted(completing.seconds()), "%.2f".formatted(completing.cpuSeconds()),
					Table.mib(before.rss()), Table.mib(after.peakRss()), Table.mib(after.written() - start.written()));
			try (Connection connection = Connection.to(server.url())) {
				assertThat(Client.bytes(connection, ids.getFirst())).isEqualTo(parts * size);
			}
			server.delete(ids);
		}
	}

	@Test
	void manyOpenAtOnce() throws Exception {
		Table table = new Table(getClass(),
				"Open uploads, each with " + Scale.PARTS_OF_OPEN + " parts of " + Table.size(Scale.SMALL_PART_SIZE),
				"store", "uploads", "RSS after the start", "idle after as many that were cancelled",
				"RSS with them open", "more than idle", "peak RSS");
		for (String name : Store.outside()) {
			try (Store store = Store.open(name); ServerProcess server = ServerProcess.start(store, Map.of())) {
				long fresh = server.usage().rss();
				cancel(server, open(server));
				server.measure(() -> new Load.Done(0, 0));
				long idle = server.usage().rss();
				List<String> uploads = open(server);
				server.measure(() -> new Load.Done(0, 0));
				Usage usage = server.usage();
				table.row(store.name(), "%,d".formatted(uploads.size()), Table.mib(fresh), Table.mib(idle),
						Table.mib(usage.rss()), Table.mib(usage.rss() - idle), Table.mib(usage.peakRss()));
				cancel(server, uploads);
			}
		}
	}

	/**
	 * Begins uploads and sends their parts, one of each in turn, so that all are open.
	 */
	private static List<String> open(ServerProcess server) throws Exception {
		String[] uploads = new String[Scale.OPEN_UPLOADS];
		Load.run(server.url(), Scale.SMALL_AT_ONCE, uploads.length, (connection,
				number) -> uploads[number] = Client.begin(connection, Scale.PARTS_OF_OPEN * Scale.SMALL_PART_SIZE));
		Load.run(server.url(), Scale.SMALL_AT_ONCE, uploads.length * Scale.PARTS_OF_OPEN, (connection, number) -> Client
			.part(connection, uploads[number % uploads.length], Scale.SMALL_PART_SIZE));
		return List.of(uploads);
	}

	private static void cancel(ServerProcess server, List<String> uploads) throws Exception {
		Load.run(server.url(), Scale.SMALL_AT_ONCE, uploads.size(),
				(connection, number) -> Client.cancel(connection, uploads.get(number)));
	}

	/** Sends all parts of a new upload, several at a time. */
	private static Sent send(ServerProcess server, int parts, long size, int atOnce) throws Exception {
		ConcurrentLinkedQueue<String> uploads = new ConcurrentLinkedQueue<>();
		Load.run(server.url(), 1, 1, (connection, number) -> uploads.add(Client.begin(connection, parts * size)));
		String upload = uploads.remove();
		String[] ids = new String[parts];
		Load.Done done = Load.run(server.url(), atOnce, parts,
				(connection, number) -> ids[number] = Client.part(connection, upload, size));
		return new Sent(upload, Arrays.asList(ids), done);
	}

	private static String complete(ServerProcess server, Sent sent) throws Exception {
		try (Connection connection = Connection.to(server.url())) {
			return complete(connection, sent);
		}
	}

	private static String complete(Connection connection, Sent sent) throws Exception {
		return Client.complete(connection, sent.upload(), sent.parts());
	}

	/** An upload whose parts have arrived. */
	private record Sent(String upload, List<String> parts, Load.Done done) {
	}

}
