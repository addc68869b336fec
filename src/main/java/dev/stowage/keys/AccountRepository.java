package dev.stowage.keys;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.stowage.database.Changes;
import dev.stowage.owner.Owner;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of service accounts. */
@Repository
class AccountRepository {

	private static final String SELECT = "SELECT id, owner, name, created_at FROM service_account WHERE owner = :owner ";

	private final JdbcClient jdbc;

	private final Changes changes;

	AccountRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	void add(ServiceAccount account) {
		this.changes.update(this.jdbc.sql("""
				INSERT INTO service_account (id, owner, name, created_at) VALUES (:id, :owner, :name, :created)""")
			.param("id", account.id())
			.param("owner", account.owner().name())
			.param("name", account.name())
			.param("created", account.createdAt().getEpochSecond()));
	}

	Optional<ServiceAccount> find(Owner owner, String id) {
		return this.jdbc.sql(SELECT + "AND id = :id")
			.param("owner", owner.name())
			.param("id", id)
			.query((row, number) -> account(row))
			.optional();
	}

	/** In the order of their ids. */
	List<ServiceAccount> list(Owner owner, String after, int limit) {
		return this.jdbc.sql(SELECT + "AND id > :after ORDER BY id LIMIT :limit")
			.param("owner", owner.name())
			.param("after", after)
			.param("limit", limit)
			.query((row, number) -> account(row))
			.list();
	}

	/** Returns whether it was there. */
	boolean remove(Owner owner, String id) {
		return this.changes.update(this.jdbc.sql("DELETE FROM service_account WHERE owner = :owner AND id = :id")
			.param("owner", owner.name())
			.param("id", id)) > 0;
	}

	private static ServiceAccount account(ResultSet row) throws SQLException {
		return new ServiceAccount(row.getString("id"), new Owner(row.getString("owner")), row.getString("name"),
				Instant.ofEpochSecond(row.getLong("created_at")));
	}

}
