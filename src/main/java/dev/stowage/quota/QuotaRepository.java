package dev.stowage.quota;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

import dev.stowage.database.Changes;
import dev.stowage.database.Sql;
import dev.stowage.file.Purpose;
import dev.stowage.owner.Owner;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The rows of limits and of usage. Triggers change the latter, and refuse what is beyond
 * the former. Every method throws Spring's {@code DataAccessException} when the database
 * fails.
 */
@Repository
class QuotaRepository {

	/**
	 * The time of a change: after that of an earlier one, which another clock may have
	 * given, so that instances find what is new by the times alone. Changes that overlap
	 * do not see each other, and may have the same time.
	 */
	private static final String TIME = """
			(SELECT CASE WHEN max(changed_at) >= :now THEN max(changed_at) + 1 ELSE :now END FROM owner_limit)""";

	private final JdbcClient jdbc;

	private final Changes changes;

	QuotaRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	/** Sets the quota of owners that have none of their own, unless it is the same. */
	void setUsual(Quota quota) {
		this.changes.update(this.jdbc.sql("""
				UPDATE usual_limit SET max_files = :files, max_bytes = :bytes
				WHERE coalesce(max_files, -1) <> :knownFiles OR coalesce(max_bytes, -1) <> :knownBytes""")
			.param("files", orNull(quota.maxFiles()))
			.param("bytes", orNull(quota.maxBytes()))
			.param("knownFiles", quota.maxFiles().orElse(-1))
			.param("knownBytes", quota.maxBytes().orElse(-1)));
	}

	/** The quota of owners that have none of their own. */
	Quota usual() {
		return this.jdbc.sql("SELECT max_files, max_bytes FROM usual_limit")
			.query((row, number) -> new Quota(size(row, "max_files"), size(row, "max_bytes"), OptionalLong.empty()))
			.single();
	}

	/** What an owner has of its own. */
	Optional<OwnerLimit> find(Owner owner) {
		return this.jdbc.sql("SELECT * FROM owner_limit WHERE owner = :owner")
			.param("owner", owner.name())
			.query((row, number) -> limit(row))
			.optional();
	}

	/** Waits on PostgreSQL for changes that the present quota allows. */
	void setQuota(Owner owner, Quota quota, Instant now) {
		this.changes.update(this.jdbc.sql("""
				INSERT INTO owner_limit (owner, max_files, max_bytes, max_file_size, changed_at)
				VALUES (:owner, :files, :bytes, :size, %s)
				ON CONFLICT (owner) DO UPDATE SET max_files = excluded.max_files, max_bytes = excluded.max_bytes,
					max_file_size = excluded.max_file_size, changed_at = excluded.changed_at""".formatted(TIME))
			.param("owner", owner.name())
			.param("files", orNull(quota.maxFiles()))
			.param("bytes", orNull(quota.maxBytes()))
			.param("size", orNull(quota.maxFileSize()))
			.param("now", now.getEpochSecond()));
	}

	void setRates(Owner owner, OwnerLimit limit, Instant now) {
		this.changes.update(this.jdbc.sql("""
				INSERT INTO owner_limit (owner, requests_per_minute, uploads_at_once, changed_at)
				VALUES (:owner, :requests, :uploads, %s)
				ON CONFLICT (owner) DO UPDATE SET requests_per_minute = excluded.requests_per_minute,
					uploads_at_once = excluded.uploads_at_once, changed_at = excluded.changed_at""".formatted(TIME))
			.param("owner", owner.name())
			.param("requests", orNull(limit.requestsPerMinute()))
			.param("uploads", orNull(limit.uploadsAtOnce()))
			.param("now", now.getEpochSecond()));
	}

	/**
	 * Limits that were changed at this time or later.
	 * @return the latest of their times; empty if there are none
	 */
	Optional<Instant> forEachSince(Instant time, BiConsumer<Owner, OwnerLimit> action) {
		AtomicReference<Optional<Instant>> latest = new AtomicReference<>(Optional.empty());
		this.jdbc.sql("SELECT * FROM owner_limit WHERE changed_at >= :time ORDER BY changed_at")
			.param("time", time.getEpochSecond())
			.query((row) -> {
				action.accept(new Owner(row.getString("owner")), limit(row));
				latest.set(Sql.instant(row, "changed_at"));
			});
		return latest.get();
	}

	/** What an owner has. */
	Usage usage(Owner owner) {
		return this.jdbc.sql("""
				SELECT coalesce(sum(files), 0) AS files, coalesce(sum(bytes), 0) AS bytes FROM owner_usage
				WHERE owner = :owner""")
			.param("owner", owner.name())
			.query((row, number) -> new Usage(row.getLong("files"), row.getLong("bytes")))
			.single();
	}

	/** Reads a row of each of its files. */
	List<PurposeUsage> usageByPurpose(Owner owner) {
		return this.jdbc.sql("""
				SELECT purpose, count(*) AS files, CAST(sum(bytes) AS BIGINT) AS bytes FROM file
				WHERE owner = :owner AND status = 'AVAILABLE' GROUP BY purpose ORDER BY purpose""")
			.param("owner", owner.name())
			.query((row, number) -> new PurposeUsage(spelt(row.getString("purpose")), row.getLong("files"),
					row.getLong("bytes")))
			.list();
	}

	/** A newer version may have written a purpose that this one does not know. */
	private static String spelt(String name) {
		try {
			return Purpose.valueOf(name).wireName();
		}
		catch (IllegalArgumentException ex) {
			return name;
		}
	}

	private static OwnerLimit limit(ResultSet row) throws SQLException {
		return new OwnerLimit(new Quota(size(row, "max_files"), size(row, "max_bytes"), size(row, "max_file_size")),
				number(row, "requests_per_minute"), number(row, "uploads_at_once"));
	}

	private static OptionalLong size(ResultSet row, String column) throws SQLException {
		long size = row.getLong(column);
		return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(size);
	}

	private static OptionalInt number(ResultSet row, String column) throws SQLException {
		int number = row.getInt(column);
		return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(number);
	}

	private static @Nullable Long orNull(OptionalLong number) {
		return number.isPresent() ? number.getAsLong() : null;
	}

	private static @Nullable Integer orNull(OptionalInt number) {
		return number.isPresent() ? number.getAsInt() : null;
	}

}
