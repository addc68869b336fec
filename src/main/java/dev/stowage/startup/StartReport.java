package dev.stowage.startup;

import java.util.HashSet;
import java.util.Set;

import dev.stowage.security.SecurityProperties;
import dev.stowage.storage.StorageProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Logs at the start where files are and how many there are. This reveals a server that
 * found a wrong folder or database. Counting is slow, so nothing waits for it.
 */
@Component
class StartReport {

	private static final Logger logger = LoggerFactory.getLogger(StartReport.class);

	private final JdbcClient jdbc;

	private final StorageProperties storage;

	private final Set<String> configured;

	private final boolean sqlite;

	StartReport(JdbcClient jdbc, StorageProperties storage, SecurityProperties security, Environment environment) {
		this.jdbc = jdbc;
		this.storage = storage;
		this.configured = security.ownersWithKey();
		this.sqlite = environment.getProperty("spring.datasource.url", "").startsWith("jdbc:sqlite:");
	}

	@EventListener
	void report(ApplicationReadyEvent event) {
		boolean external = this.storage.s3().isExternal();
		if (this.sqlite || !external) {
			logger.info("The data folder is {}", this.storage.dataDir().toAbsolutePath().normalize());
		}
		if (this.sqlite && external) {
			logger.warn("The objects are in a bucket, but the list of files is only in the data folder."
					+ " Back it up, and run only one instance. For several instances, set"
					+ " SPRING_DATASOURCE_URL to a PostgreSQL database");
		}
		Thread.ofVirtual().name("start-report").start(this::count);
	}

	private void count() {
		try {
			Set<String> withKey = new HashSet<>(this.configured);
			withKey.addAll(this.jdbc.sql("SELECT DISTINCT owner FROM managed_key WHERE revoked_at IS NULL")
				.query(String.class)
				.set());
			long[] counts = new long[3];
			this.jdbc.sql("SELECT owner, count(*) AS files FROM file WHERE status = 'AVAILABLE' GROUP BY owner")
				.query((row) -> {
					boolean hasKey = withKey.contains(row.getString("owner"));
					counts[0] += row.getLong("files");
					counts[1] += hasKey ? 0 : row.getLong("files");
					counts[2] += hasKey ? 0 : 1;
				});
			logger.info("There are {} files; {} of them belong to {} owners without a key", counts[0], counts[1],
					counts[2]);
		}
		catch (DataAccessException ex) {
			logger.info("The files were not counted: {}", ex.getMessage());
		}
	}

}
