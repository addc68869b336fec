package dev.stowage.owner;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.stowage.database.Changes;
import dev.stowage.database.Sql;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of owners that were created. */
@Repository
class OwnerRepository {

	private final JdbcClient jdbc;

	private final Changes changes;

	OwnerRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	/** Returns whether it was missing. */
	boolean addIfMissing(Owner owner, String title, Instant now) {
		return this.changes.update(this.jdbc.sql("""
				INSERT INTO owner (name, title, created_at) VALUES (:name, :title, :now) ON CONFLICT DO NOTHING""")
			.param("name", owner.name())
			.param("title", title)
			.param("now", now.getEpochSecond())) > 0;
	}

	Optional<Project> find(Owner owner) {
		return this.jdbc.sql("SELECT name, title, created_at, archived_at FROM owner WHERE name = :name")
			.param("name", owner.name())
			.query((row, number) -> project(row))
			.optional();
	}

	/** In the order of their names. */
	List<Project> list(String after, boolean archived, int limit) {
		return this.jdbc
			.sql("SELECT name, title, created_at, archived_at FROM owner WHERE name > :after"
					+ (archived ? "" : " AND archived_at IS NULL") + " ORDER BY name LIMIT :limit")
			.param("after", after)
			.param("limit", limit)
			.query((row, number) -> project(row))
			.list();
	}

	void rename(Owner owner, String title) {
		this.changes.update(this.jdbc.sql("UPDATE owner SET title = :title WHERE name = :name")
			.param("name", owner.name())
			.param("title", title));
	}

	void archive(Owner owner, Instant now) {
		this.changes
			.update(this.jdbc.sql("UPDATE owner SET archived_at = :now WHERE name = :name AND archived_at IS NULL")
				.param("name", owner.name())
				.param("now", now.getEpochSecond()));
	}

	private static Project project(ResultSet row) throws SQLException {
		return new Project(new Owner(row.getString("name")), row.getString("title"),
				Instant.ofEpochSecond(row.getLong("created_at")), Sql.instant(row, "archived_at"));
	}

}
