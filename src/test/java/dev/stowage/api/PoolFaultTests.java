package dev.stowage.api;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;

import com.zaxxer.hikari.HikariDataSource;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All connections to the database are taken. */
@Timeout(60)
class PoolFaultTests extends OnEachBacking {

	@TempDir
	Path folder;

	@Test
	void answers503WithinTheConnectionTimeout() throws Exception {
		try (StowageServer server = StowageServer.start(this.backing, this.folder,
				"spring.datasource.hikari.connection-timeout=500");
				UploadsUnderWay uploads = new UploadsUnderWay(server, new byte[9 * 1024 * 1024])) {
			List<Connection> taken = takeAll(server.database());
			uploads.assertNothingIsTaken();
			uploads.assertNothingCanBeRead();
			for (Connection connection : taken) {
				connection.close();
			}
			uploads.assertAllIsWell();
		}
	}

	private static List<Connection> takeAll(HikariDataSource pool) throws Exception {
		List<Connection> taken = new ArrayList<>();
		for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
			taken.add(pool.getConnection());
		}
		return taken;
	}

}
