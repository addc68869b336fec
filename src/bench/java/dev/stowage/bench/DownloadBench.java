package dev.stowage.bench;

import java.net.URI;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

/** A large file's content through the server and directly from the store, in turn. */
class DownloadBench {

	private final Table table = new Table(getClass(), "Download of " + Table.size(Scale.DOWNLOAD_SIZE), "store",
			"through Stowage, MiB/s", "direct GET, MiB/s", "share of direct", "server CPU-s per GiB", "peak RSS");

	@Test
	void throughAndPast() throws Exception {
		for (String name : Store.names()) {
			try (Store store = Store.open(name);
					ServerProcess server = ServerProcess.start(store, Map.of());
					Bucket bucket = store.bucket(server)) {
				String id = uploaded(server.url());
				URI url = bucket.get("files/" + id);
				Turns turns = Turns.take(() -> server.measure(
						() -> Load.run(server.url(), 1, 1, (connection, number) -> Client.content(connection, id))),
						() -> server.measure(() -> Load.run(bucket.endpoint(), 1, 1,
								(connection, number) -> Client.get(connection, url))));
				server.delete(List.of(id));
				double mib = Scale.DOWNLOAD_SIZE / (double) Scale.MIB;
				this.table.row(store.name(),
						Turns.spread(turns.through(), (sample) -> mib * sample.perSecond()).with(0),
						Turns.spread(turns.direct(), (sample) -> mib * sample.perSecond()).with(0), turns.share(),
						Turns.spread(turns.through(), (sample) -> sample.cpuPer(1024 / mib)).with(2),
						Table.mib(server.usage().peakRss()));
			}
		}
	}

	private static String uploaded(URI server) throws Exception {
		try (Connection connection = Connection.to(server)) {
			return Client.upload(connection, Scale.DOWNLOAD_SIZE);
		}
	}

}
