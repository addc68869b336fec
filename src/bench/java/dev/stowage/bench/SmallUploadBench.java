package dev.stowage.bench;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many small files through the server, and the same bytes directly to the store, in turn.
 */
class SmallUploadBench {

	private final Table table = new Table(getClass(),
			"Uploads of " + Table.size(Scale.SMALL_SIZE) + ", " + Scale.SMALL_AT_ONCE + " at a time", "store",
			"through Stowage, files/s", "bare PUTs/s", "share of bare PUTs", "server CPU-s per 1,000", "peak RSS",
			"disk written");

	@Test
	void throughAndPast() throws Exception {
		for (String name : Store.names()) {
			try (Store store = Store.open(name);
					ServerProcess server = ServerProcess.start(store, Map.of());
					Bucket bucket = store.bucket(server)) {
				Turns turns = Turns.take(() -> through(store, server), () -> direct(store, server, bucket));
				Usage usage = server.usage();
				this.table.row(store.name(), Turns.spread(turns.through(), Sample::perSecond).with(0),
						Turns.spread(turns.direct(), Sample::perSecond).with(0), turns.share(),
						Turns.spread(turns.through(), (sample) -> sample.cpuPer(1000)).with(2),
						Table.mib(usage.peakRss()), Table.mib(usage.written()));
				if (store instanceof Store.Forgetful counting) {
					assertOnePutEach(counting, server);
				}
			}
		}
	}

	private static Sample through(Store store, ServerProcess server) throws Exception {
		ConcurrentLinkedQueue<String> ids = new ConcurrentLinkedQueue<>();
		Sample sample = server.measure(
				() -> load(server.url(), (connection, number) -> ids.add(Client.upload(connection, Scale.SMALL_SIZE))));
		if (store.isLasting()) {
			server.delete(ids);
		}
		return sample;
	}

	private static Sample direct(Store store, ServerProcess server, Bucket bucket) throws Exception {
		List<URI> urls = urls(bucket::put);
		Sample sample = server.measure(() -> load(bucket.endpoint(),
				(connection, number) -> Client.put(connection, urls.get(number), Scale.SMALL_SIZE)));
		if (store.isLasting()) {
			List<URI> deletes = urls(bucket::delete);
			Load.run(bucket.endpoint(), Scale.SMALL_AT_ONCE, sample.count(),
					(connection, number) -> Client.delete(connection, deletes.get(number)));
		}
		return sample;
	}

	private static void assertOnePutEach(Store.Forgetful store, ServerProcess server) throws Exception {
		long before = store.count("requests");
		int files = Load.run(server.url(), 1, 100, (connection, number) -> Client.upload(connection, Scale.SMALL_SIZE))
			.count();
		assertThat(store.count("begun")).as("multipart uploads").isZero();
		assertThat(store.count("requests")).as("calls to the store").isEqualTo(before + files);
	}

	/** Signed before the clock starts: that is work of the bench alone. */
	private static List<URI> urls(Function<String, URI> sign) {
		return IntStream.range(0, Scale.SMALL_REQUESTS).mapToObj((number) -> sign.apply("bench/" + number)).toList();
	}

	private static Load.Done load(URI server, Load.Task task) throws Exception {
		return Load.run(server, Scale.SMALL_AT_ONCE, Scale.SMALL_REQUESTS, Scale.ROUND, task);
	}

}
