package dev.stowage.bench;

import java.io.IOException;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What clients leave that disconnect in the middle of a file. */
class HangUpBench {

	private static final int AT_ONCE = 16;

	private static final int PATIENCE_SECONDS = 60;

	/** How long a client waits for its bytes to arrive before it vanishes. */
	private static final int PAUSE_MILLIS = 100;

	private final Table table = new Table(getClass(),
			"Clients that disconnect in the middle of " + Table.size(Scale.LITTLE), "clients", "S3 uploads begun",
			"aborted", "completed", "speed before, MiB/s", "speed after, MiB/s", "RSS before", "RSS after", "peak RSS");

	@Test
	void leavesNothingBehind() throws Exception {
		try (Store.Forgetful store = Store.Forgetful.start();
				ServerProcess server = ServerProcess.start(store, Map.of())) {
			whole(server);
			double speedBefore = whole(server);
			long rssBefore = server.usage().rss();
			long begunBefore = store.count("begun");
			long completedBefore = store.count("completed");
			Load.run(server.url(), AT_ONCE, Scale.HANG_UPS, (unused, number) -> hangUp(server, number));
			awaitNoneOpen(store);
			long begun = store.count("begun") - begunBefore;
			long completed = store.count("completed") - completedBefore;
			long aborted = store.count("aborted");
			long rssAfter = server.usage().rss();
			double speedAfter = whole(server);
			this.table.row(Scale.HANG_UPS, begun, aborted, completed, Math.round(speedBefore), Math.round(speedAfter),
					Table.mib(rssBefore), Table.mib(rssAfter), Table.mib(server.usage().peakRss()));
			assertThat(begun).isPositive().isEqualTo(aborted);
			assertThat(completed).isZero();
		}
	}

	/** Half of them close their connection normally, half reset it. */
	private static void hangUp(ServerProcess server, int number) throws IOException, InterruptedException {
		try (Connection connection = Connection.to(server.url())) {
			Client.uploadHalf((number % 2 == 0) ? connection.abrupt() : connection, Scale.LITTLE);
			Thread.sleep(PAUSE_MILLIS);
		}
	}

	private static void awaitNoneOpen(Store.Forgetful store) throws IOException, InterruptedException {
		for (int second = 0; second < PATIENCE_SECONDS && store.count("open") > 0; second++) {
			Thread.sleep(1000);
		}
	}

	/** Whole uploads that need all buffers, in MiB a second. */
	private static double whole(ServerProcess server) throws Exception {
		Load.Done done = Load.run(server.url(), AT_ONCE, 2 * AT_ONCE,
				(connection, number) -> Client.upload(connection, Scale.FAST_SIZE));
		return done.count() * Scale.FAST_SIZE / (double) Scale.MIB / done.seconds();
	}

}
