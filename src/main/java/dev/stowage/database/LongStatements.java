package dev.stowage.database;

import java.time.Duration;
import java.util.Objects;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** For statements of commands that read all rows. Those of requests end much earlier. */
public final class LongStatements {

	private static final Duration LIMIT = Duration.ofHours(6);

	private LongStatements() {
	}

	/** A client whose statements may take hours. */
	public static JdbcClient on(JdbcTemplate usual) {
		JdbcTemplate patient = new JdbcTemplate(Objects.requireNonNull(usual.getDataSource()));
		patient.setQueryTimeout((int) LIMIT.toSeconds());
		return JdbcClient.create(patient);
	}

}
