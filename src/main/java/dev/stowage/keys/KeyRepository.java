package dev.stowage.keys;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.stowage.database.Changes;
import dev.stowage.database.Sql;
import dev.stowage.owner.Owner;
import dev.stowage.owner.Scope;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of managed keys. Revoked ones stay, because logs may name them. */
@Repository
class KeyRepository {

	private static final String SELECT = """
			SELECT k.id, k.owner, k.account, k.name, k.sha256, k.scopes, k.created_at, k.expires_at, k.last_used_at,
				k.revoked_at, o.archived_at
			FROM managed_key k LEFT JOIN owner o ON o.name = k.owner
			""";

	private final JdbcClient jdbc;

	private final Changes changes;

	KeyRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	void add(ManagedKey key, KeyHash hash) {
		this.changes.update(this.jdbc.sql("""
				INSERT INTO managed_key (id, owner, account, name, sha256, scopes, created_at, expires_at)
				VALUES (:id, :owner, :account, :name, :sha256, :scopes, :created, :expires)""")
			.param("id", key.id())
			.param("owner", key.owner().name())
			.param("account", key.account().orElse(null))
			.param("name", key.name())
			.param("sha256", hash.hex())
			.param("scopes", key.scopes().stream().map(Scope::wireName).sorted().collect(Collectors.joining(" ")))
			.param("created", key.createdAt().getEpochSecond())
			.param("expires", key.expiresAt().map(Instant::getEpochSecond).orElse(null)));
	}

	/** Whether any key was ever made. */
	boolean isEmpty() {
		return this.jdbc.sql("SELECT 1 FROM managed_key LIMIT 1").query(Integer.class).optional().isEmpty();
	}

	/** Some owners that have a key, in no order. */
	List<Owner> someOwners(int count) {
		return this.jdbc.sql("SELECT DISTINCT owner FROM managed_key WHERE revoked_at IS NULL LIMIT :count")
			.param("count", count)
			.query((row, number) -> new Owner(row.getString("owner")))
			.list();
	}

	Optional<Kept> find(String id) {
		return this.jdbc.sql(SELECT + "WHERE k.id = :id").param("id", id).query((row, number) -> kept(row)).optional();
	}

	/**
	 * The keys of an owner that are not revoked, or of all, in the order of their ids.
	 */
	List<ManagedKey> list(Optional<Owner> owner, String after, int limit) {
		return this.jdbc
			.sql(SELECT + "WHERE k.revoked_at IS NULL AND k.id > :after"
					+ (owner.isPresent() ? " AND k.owner = :owner" : "") + " ORDER BY k.id LIMIT :limit")
			.param("after", after)
			.param("limit", limit)
			.params(owner.map((one) -> Map.of("owner", one.name())).orElse(Map.of()))
			.query((row, number) -> key(row))
			.list();
	}

	/** Returns whether the key was there and not revoked. */
	boolean revoke(String id, Instant now) {
		return this.changes
			.update(this.jdbc.sql("UPDATE managed_key SET revoked_at = :now WHERE id = :id AND revoked_at IS NULL")
				.param("id", id)
				.param("now", now.getEpochSecond())) > 0;
	}

	/** Revokes the keys of a service account. */
	void revokeOf(String account, Instant now) {
		this.changes.update(this.jdbc
			.sql("UPDATE managed_key SET revoked_at = :now WHERE account = :account AND revoked_at IS NULL")
			.param("account", account)
			.param("now", now.getEpochSecond()));
	}

	/** Lets a key expire at the latest then; returns whether it was there. */
	boolean expireBy(String id, Instant end) {
		return this.changes.update(this.jdbc.sql("""
				UPDATE managed_key SET expires_at = CASE WHEN expires_at < :end THEN expires_at ELSE :end END
				WHERE id = :id AND revoked_at IS NULL""").param("id", id).param("end", end.getEpochSecond())) > 0;
	}

	/** Notes a use, unless one was noted that is hardly older. */
	void noteUse(String id, Instant at, Duration atMostEvery) {
		this.changes.update(this.jdbc.sql("""
				UPDATE managed_key SET last_used_at = :at
				WHERE id = :id AND (last_used_at IS NULL OR last_used_at <= :before)""")
			.param("id", id)
			.param("at", at.getEpochSecond())
			.param("before", at.minus(atMostEvery).getEpochSecond()));
	}

	private static Kept kept(ResultSet row) throws SQLException {
		return new Kept(key(row), new KeyHash(row.getString("sha256")), Sql.instant(row, "archived_at").isPresent());
	}

	private static ManagedKey key(ResultSet row) throws SQLException {
		Set<Scope> scopes = Arrays.stream(row.getString("scopes").split(" "))
			.flatMap((scope) -> Scope.parse(scope).stream())
			.collect(Collectors.toSet());
		return new ManagedKey(row.getString("id"), new Owner(row.getString("owner")),
				Optional.ofNullable(row.getString("account")), row.getString("name"), scopes,
				Instant.ofEpochSecond(row.getLong("created_at")), Sql.instant(row, "expires_at"),
				Sql.instant(row, "last_used_at"), Sql.instant(row, "revoked_at"));
	}

	/**
	 * A row.
	 *
	 * @param hash of the key's secret
	 * @param archived whether its owner is
	 */
	record Kept(ManagedKey key, KeyHash hash, boolean archived) {
	}

}
