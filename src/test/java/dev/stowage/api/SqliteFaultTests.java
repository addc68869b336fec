package dev.stowage.api;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;
import dev.stowage.support.Command;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A SQLite file that cannot be written for a while, for each possible reason.
 */
@Timeout(60)
class SqliteFaultTests {

	private static final byte[] SMALL = "small".getBytes(StandardCharsets.UTF_8);

	@TempDir
	Path folder;

	private StowageServer server;

	private UploadsUnderWay uploads;

	@BeforeEach
	void start() throws Exception {
		this.server = StowageServer.start(this.folder, "spring.jdbc.template.query-timeout=1s",
				"spring.datasource.hikari.maximum-pool-size=3");
		this.uploads = new UploadsUnderWay(this.server, SMALL);
	}

	@AfterEach
	void stop() throws Exception {
		this.uploads.close();
		this.server.close();
	}

	private Path database() {
		return this.folder.resolve("stowage.db");
	}

	@Test
	void isReadThoughItCannotBeWritten() throws Exception {
		onEachConnection("PRAGMA query_only = 1");
		this.uploads.assertNothingIsTaken();
		this.uploads.assertReadingGoesOn();
		onEachConnection("PRAGMA query_only = 0");
		this.uploads.assertAllIsWell();
	}

	@Test
	void isReadThoughAnotherWriterHoldsItForLong() throws Exception {
		try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + database());
				Statement statement = other.createStatement()) {
			statement.execute("BEGIN IMMEDIATE");
			this.uploads.assertNothingIsTaken();
			this.uploads.assertReadingGoesOn();
			statement.execute("ROLLBACK");
		}
		this.uploads.assertAllIsWell();
	}

	@Test
	void isReadThoughItIsFull() throws Exception {
		int pages = JdbcClient.create(this.server.database()).sql("PRAGMA page_count").query(Integer.class).single();
		onEachConnection("PRAGMA max_page_count = " + pages);
		this.uploads.fill();
		this.uploads.finishAsMayBe();
		this.uploads.assertReadingGoesOn();
		onEachConnection("PRAGMA max_page_count = 1000000");
		this.uploads.assertAllIsWell();
	}

	/** By a limit on the size of this process's files: writes to the log end in EFBIG. */
	@Test
	void isReadThoughTheDiskFails() throws Exception {
		assumeTrue(Command.exists("prlimit"), "SKIPPED: no prlimit by which to make writes fail");
		long limit = 64 * 1024;
		while (Files.size(this.folder.resolve("stowage.db-wal")) < 2 * limit) {
			assertThat(this.uploads.files().upload(SMALL).status()).isEqualTo(200);
		}
		limitFiles(String.valueOf(limit));
		try {
			this.uploads.assertNothingIsTaken();
			this.uploads.assertReadingGoesOn();
		}
		finally {
			limitFiles("unlimited");
		}
		this.uploads.assertAllIsWell();
	}

	private void limitFiles(String size) {
		Command.run(this.folder, Map.of(), "prlimit", "--pid", String.valueOf(ProcessHandle.current().pid()),
				"--fsize=" + size + ":");
	}

	private void onEachConnection(String pragma) throws Exception {
		HikariDataSource pool = this.server.database();
		List<Connection> all = new ArrayList<>();
		for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
			all.add(pool.getConnection());
		}
		for (Connection connection : all) {
			try (connection; Statement statement = connection.createStatement()) {
				statement.execute(pragma);
			}
		}
	}

}
