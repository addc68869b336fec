package dev.stowage.bench;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How much many slow clients slow down a few fast ones. */
class SlowClientsBench {

	private static final int SECOND = 1_000;

	/** All clients have one key and one address, of which neither may hold all places. */
	private static final Map<String, String> ONE_MAY_HAVE_ALL = Map.of("STOWAGE_OWNER_SHARE", "100",
			"STOWAGE_ADDRESS_SHARE", "100");

	private final Table table = new Table(getClass(),
			Scale.SLOW_CLIENTS + " slow clients of " + Scale.SLOW_BYTES_PER_SECOND / Scale.KIB + " KiB/s for "
					+ Scale.SLOW_TIME.toSeconds() + " s beside " + Scale.FAST_CLIENTS + " fast ones",
			"store", "slow that succeeded", "fast alone before, MiB/s", "fast beside, MiB/s", "fast alone after, MiB/s",
			"share of alone", "RSS beside", "peak RSS");

	@Test
	void besideFastOnes() throws Exception {
		for (String name : Store.outside()) {
			try (Store store = Store.open(name); ServerProcess server = ServerProcess.start(store, ONE_MAY_HAVE_ALL)) {
				measure(store, server);
			}
		}
	}

	private void measure(Store store, ServerProcess server) throws Exception {
		fast(server, Scale.WARM_UP);
		Duration window = Scale.SLOW_TIME.dividedBy(3);
		double before = fast(server, window);
		ConcurrentLinkedQueue<String> ids = new ConcurrentLinkedQueue<>();
		double beside;
		long rss;
		try (Load.Crew slow = new Load.Crew(Executors.newVirtualThreadPerTaskExecutor())) {
			for (int i = 0; i < Scale.SLOW_CLIENTS; i++) {
				// not all at the same moment of each second
				int delay = i * SECOND / Scale.SLOW_CLIENTS;
				slow.start(() -> {
					Thread.sleep(delay);
					try (Connection connection = Connection.to(server.url())) {
						ids.add(Client.uploadSlowly(connection,
								Scale.SLOW_BYTES_PER_SECOND * Scale.SLOW_TIME.toSeconds(),
								Scale.SLOW_BYTES_PER_SECOND));
					}
				});
			}
			Thread.sleep(2 * SECOND);
			beside = fast(server, Scale.SLOW_TIME.multipliedBy(2).dividedBy(3));
			rss = server.usage().rss();
			slow.join();
		}
		double after = fast(server, window);
		this.table.row(store.name(), ids.size() + " of " + Scale.SLOW_CLIENTS, Math.round(before), Math.round(beside),
				Math.round(after), "%.2f".formatted(2 * beside / (before + after)), Table.mib(rss),
				Table.mib(server.usage().peakRss()));
		server.delete(ids);
		assertThat(ids).hasSize(Scale.SLOW_CLIENTS);
	}

	/** The MiB a second of all fast clients together. */
	private static double fast(ServerProcess server, Duration time) throws Exception {
		Load.Done done = Load.run(server.url(), Scale.FAST_CLIENTS, Integer.MAX_VALUE, time,
				(connection, number) -> Client.delete(connection, Client.upload(connection, Scale.FAST_SIZE)));
		return done.count() * Scale.FAST_SIZE / (double) Scale.MIB / done.seconds();
	}

}
