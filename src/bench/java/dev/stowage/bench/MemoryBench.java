package dev.stowage.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How much memory a fresh server needs under many simultaneous uploads, and under a huge
 * one.
 */
class MemoryBench {

	private static final Table table = new Table(MemoryBench.class, "Memory of a fresh server", "store", "uploads",
			"succeeded", "MiB/s", "peak RSS, MiB", "disk written meanwhile, KiB");

	@Test
	void manyAtOnce() throws Exception {
		for (String name : Store.outside()) {
			measure(name, Scale.MANY_AT_ONCE, Scale.MANY_SIZE, Scale.FRESH_STARTS);
		}
	}

	@Test
	void oneOfAnySize() throws Exception {
		measure("null", 1, Scale.LITTLE, Scale.FRESH_STARTS);
		measure("null", 1, Scale.HUGE, 1);
	}

	private static void measure(String name, int uploads, long size, int starts) throws Exception {
		List<Double> speeds = new ArrayList<>();
		List<Double> peaks = new ArrayList<>();
		List<Double> written = new ArrayList<>();
		int succeeded = 0;
		for (int start = 0; start < starts; start++) {
			try (Store store = Store.open(name); ServerProcess server = ServerProcess.start(store, Map.of())) {
				ConcurrentLinkedQueue<String> ids = new ConcurrentLinkedQueue<>();
				Usage before = server.usage();
				Load.Done done = Load.run(server.url(), uploads, uploads,
						(connection, number) -> ids.add(Client.upload(connection, size)));
				Usage after = server.usage();
				server.delete(ids);
				succeeded += ids.size();
				speeds.add(done.count() * size / (double) Scale.MIB / done.seconds());
				peaks.add(after.peakRss() / (double) Scale.MIB);
				written.add((after.written() - before.written()) / (double) Scale.KIB);
			}
		}
		table.row(name, uploads + " × " + Table.size(size), succeeded + " of " + starts * uploads,
				Spread.of(speeds).with(0), Spread.of(peaks).with(0), Spread.of(written).with(0));
		assertThat(succeeded).isEqualTo(starts * uploads);
	}

}
