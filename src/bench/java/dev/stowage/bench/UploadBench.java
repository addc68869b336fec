package dev.stowage.bench;

import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

/** Large files through the server, and the same bytes directly to the store, in turn. */
class UploadBench {

	private final Table table = new Table(getClass(), "Large uploads, " + Scale.UPLOADS_AT_ONCE + " at a time", "store",
			"file", "through Stowage, MiB/s", "direct PUT, MiB/s", "share of direct", "server CPU-s per GiB",
			"peak RSS", "disk written");

	@Test
	void throughAndPast() throws Exception {
		for (String name : Store.names()) {
			try (Store store = Store.open(name)) {
				measure(store);
			}
		}
	}

	private void measure(Store store) throws Exception {
		for (long size : Scale.UPLOAD_SIZES) {
			try (ServerProcess server = ServerProcess.start(store, Map.of()); Bucket bucket = store.bucket(server)) {
				Turns turns = Turns.take(() -> through(server, size), () -> direct(server, bucket, size));
				double mib = size / (double) Scale.MIB;
				Usage usage = server.usage();
				this.table.row(store.name(), Table.size(size),
						Turns.spread(turns.through(), (sample) -> mib * sample.perSecond()).with(0),
						Turns.spread(turns.direct(), (sample) -> mib * sample.perSecond()).with(0), turns.share(),
						Turns.spread(turns.through(), (sample) -> sample.cpuPer(1024 / mib)).with(2),
						Table.mib(usage.peakRss()), Table.mib(usage.written()));
			}
		}
	}

	private static Sample through(ServerProcess server, long size) throws Exception {
		ConcurrentLinkedQueue<String> ids = new ConcurrentLinkedQueue<>();
		Sample sample = server.measure(() -> Load.run(server.url(), Scale.UPLOADS_AT_ONCE, Scale.UPLOADS_AT_ONCE,
				(connection, number) -> ids.add(Client.upload(connection, size))));
		server.delete(ids);
		return sample;
	}

	private static Sample direct(ServerProcess server, Bucket bucket, long size) throws Exception {
		Sample sample = server.measure(() -> Load.run(bucket.endpoint(), Scale.UPLOADS_AT_ONCE, Scale.UPLOADS_AT_ONCE,
				(connection, number) -> Client.put(connection, bucket.put("bench/" + number), size)));
		try (Connection connection = Connection.to(bucket.endpoint())) {
			for (int number : IntStream.range(0, Scale.UPLOADS_AT_ONCE).toArray()) {
				Client.delete(connection, bucket.delete("bench/" + number));
			}
		}
		return sample;
	}

}
