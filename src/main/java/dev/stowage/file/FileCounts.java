package dev.stowage.file;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.TriggerContext;
import org.springframework.stereotype.Component;

/**
 * How many rows are in which state. They are counted in the background, because the count
 * scans the whole table: no scrape waits for it, and it is not repeated too often.
 */
@Component
class FileCounts {

	private static final Logger logger = LoggerFactory.getLogger(FileCounts.class);

	/** Counting takes at most a hundredth of the time. */
	private static final int REST = 100;

	private final JdbcClient jdbc;

	private volatile @Nullable Map<State, Long> counts;

	FileCounts(JdbcClient jdbc, MeterRegistry meters) {
		this.jdbc = jdbc;
		for (UploadMethod method : UploadMethod.values()) {
			for (FileStatus status : FileStatus.values()) {
				State state = new State(method.name(), status.name());
				Gauge.builder("stowage.files", this, (it) -> it.of(state))
					.tag("style", method.name().toLowerCase(Locale.ROOT))
					.tag("status", status.name().toLowerCase(Locale.ROOT))
					.description("Rows in the database; every instance reports the same rows")
					.register(meters);
			}
		}
	}

	/** NaN until the first count. */
	private double of(State state) {
		Map<State, Long> known = this.counts;
		return (known == null) ? Double.NaN : known.getOrDefault(state, 0L);
	}

	void count() {
		try {
			Map<State, Long> counted = new HashMap<>();
			this.jdbc.sql("SELECT style, status, count(*) AS files FROM file GROUP BY style, status").query((row) -> {
				counted.put(new State(row.getString("style"), row.getString("status")), row.getLong("files"));
			});
			this.counts = counted;
		}
		catch (DataAccessException ex) {
			logger.warn("Could not count the files: {}", ex.getMessage());
		}
	}

	/** When to count again, at the earliest after the given time. */
	static Instant next(TriggerContext last, Duration least) {
		Instant begun = last.lastActualExecution();
		Instant ended = last.lastCompletion();
		if (begun == null || ended == null) {
			return last.getClock().instant();
		}
		Duration rest = Duration.between(begun, ended).multipliedBy(REST);
		return ended.plus((rest.compareTo(least) > 0) ? rest : least);
	}

	private record State(String style, String status) {
	}

}
