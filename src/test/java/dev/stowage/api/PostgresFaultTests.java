package dev.stowage.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import dev.stowage.support.Command;
import dev.stowage.support.SmallDisk;
import dev.stowage.support.StowageServer;
import dev.stowage.support.TcpProxy;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A PostgreSQL that hangs, is slow, is read-only, or has no room. */
@Timeout(120)
class PostgresFaultTests {

	private static final byte[] LARGE = new byte[9 * 1024 * 1024];

	@TempDir
	Path folder;

	private EmbeddedPostgres database;

	private JdbcClient admin;

	private TcpProxy proxy;

	private StowageServer server;

	private UploadsUnderWay uploads;

	@BeforeEach
	void start() throws Exception {
		this.database = EmbeddedPostgres.start();
		this.admin = JdbcClient.create(this.database.getTemplateDatabase());
		this.proxy = new TcpProxy(this.database.getPort());
		String url = this.database.getJdbcUrl("postgres", "postgres")
			.replace(":" + this.database.getPort() + "/", ":" + this.proxy.port() + "/");
		this.server = StowageServer.start(this.folder, "stowage.s3.bucket=embedded", "spring.datasource.url=" + url,
				"spring.datasource.hikari.connection-timeout=1000", "spring.datasource.hikari.validation-timeout=500",
				"spring.datasource.hikari.data-source-properties.socketTimeout=2");
		this.uploads = new UploadsUnderWay(this.server, LARGE);
	}

	@AfterEach
	void stop() throws Exception {
		this.uploads.close();
		this.server.close();
		this.proxy.close();
		this.database.close();
	}

	@Test
	void holdsNobodyForEverWhenItStandsStill() throws Exception {
		this.proxy.stall();
		this.uploads.assertNothingIsTaken();
		this.uploads.assertNothingCanBeRead();
		this.proxy.goOn();
		this.uploads.assertAllIsWell();
	}

	@Test
	void isReadThoughItMayNotBeWritten() throws Exception {
		this.admin.sql("ALTER DATABASE postgres SET default_transaction_read_only = on").update();
		endConnections();
		this.uploads.assertNothingIsTaken();
		this.uploads.assertReadingGoesOn();
		this.admin.sql("ALTER DATABASE postgres RESET default_transaction_read_only").update();
		endConnections();
		this.uploads.assertAllIsWell();
	}

	/** Like a failover. */
	private void endConnections() {
		this.admin.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres'")
			.query()
			.listOfRows();
		// the pool finds out with its next use of each
		this.server.database().getHikariPoolMXBean().softEvictConnections();
	}

	@Test
	void isReadThoughNoStatementFindsRoom() throws Exception {
		requireReadThough("RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'");
	}

	@Test
	void isGivenUpWhenAStatementTakesTooLong() throws Exception {
		this.server.bean("jdbcTemplate", JdbcTemplate.class).setQueryTimeout(1);
		requireReadThough("PERFORM pg_sleep(10)");
	}

	@Test
	void isWaitedForWhenItAnswersLate() throws Exception {
		this.proxy.delay(Duration.ofMillis(50));
		this.uploads.finish();
		this.uploads.assertAllIsWell();
	}

	/** This holds although each change begins with that statement. */
	private void requireReadThough(String statement) throws IOException {
		beforeEachChange(statement);
		this.uploads.assertNothingIsTaken();
		this.uploads.assertReadingGoesOn();
		changeAsUsual();
		this.uploads.assertAllIsWell();
	}

	private void beforeEachChange(String statement) {
		JdbcClient inside = JdbcClient.create(this.database.getPostgresDatabase());
		inside
			.sql("CREATE FUNCTION before_change() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN " + statement
					+ "; RETURN NEW; END$$")
			.update();
		inside
			.sql("CREATE TRIGGER before_change BEFORE INSERT OR UPDATE ON file FOR EACH STATEMENT"
					+ " EXECUTE FUNCTION before_change()")
			.update();
	}

	private void changeAsUsual() {
		JdbcClient.create(this.database.getPostgresDatabase()).sql("DROP TRIGGER before_change ON file").update();
	}

	/** The table is on a separate file system, which is full. */
	@Test
	void isReadThoughItsDiskIsFull() throws Exception {
		try (SmallDisk disk = SmallDisk.mount(this.folder.resolve("disk"), "8m")) {
			try {
				moveTableTo(disk.path());
				disk.fill();
				this.uploads.fill();
				this.uploads.finishAsMayBe();
				this.uploads.assertReadingGoesOn();
				disk.relieve();
				this.uploads.assertAllIsWell();
			}
			finally {
				this.database.close();
			}
		}
	}

	private void moveTableTo(Path disk) throws IOException {
		Path data = Path.of(this.admin.sql("SHOW data_directory").query(String.class).single());
		// the folder belongs to the database, which must be able to access it
		Path tablespace = Files.createDirectory(disk.resolve("tablespace"));
		Files.setOwner(tablespace, Files.getOwner(data));
		Command.run(this.folder, Map.of(), "chmod", "a+x", this.folder.toString(), disk.toString());
		this.admin.sql("CREATE TABLESPACE small LOCATION '" + tablespace + "'").update();
		JdbcClient.create(this.database.getPostgresDatabase()).sql("ALTER TABLE file SET TABLESPACE small").update();
	}

}
