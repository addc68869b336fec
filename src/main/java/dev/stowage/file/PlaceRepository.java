package dev.stowage.file;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

import dev.stowage.database.Changes;
import dev.stowage.owner.Owner;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The places of files in their owner's list: what a cursor means, and up to where the
 * list is complete. Database triggers assign the positions, so every version of the
 * server gets them.
 * <p>
 * Every method throws Spring's {@code DataAccessException} when the database fails.
 */
@Repository
class PlaceRepository {

	private final JdbcClient jdbc;

	private final Changes changes;

	PlaceRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	/**
	 * The position up to which no further file of the owner can become visible. On
	 * PostgreSQL, transactions may commit in another order than they took their
	 * positions, so this waits for those in progress. SQLite has one writer at a time.
	 */
	long settled(Owner owner) {
		if (!this.changes.areShared()) {
			return Long.MAX_VALUE;
		}
		return this.jdbc.sql("SELECT file_position_settled(:owner)")
			.param("owner", owner.name())
			.query(Long.class)
			.single();
	}

	/**
	 * Where the page after a cursor starts; empty: no file is before it. The place of a
	 * file is known as long as its row exists, and a week longer. Any other id is between
	 * its neighbours. Where these became available in another order than they were
	 * created, the page starts so early that it skips nothing.
	 */
	Optional<Place> behind(Owner owner, FileId cursor, boolean newestFirst) {
		return taken(owner, cursor).or(() -> between(owner, cursor, newestFirst));
	}

	private Optional<Place> taken(Owner owner, FileId id) {
		return this.jdbc.sql("""
				SELECT position, id FROM file
				WHERE id = :id AND owner = :owner AND (position > 0 OR status = 'AVAILABLE')
				UNION ALL
				SELECT position, id FROM removed_file WHERE id = :id AND owner = :owner
				LIMIT 1""")
			.param("id", id.value())
			.param("owner", owner.name())
			.query(PlaceRepository::place)
			.optional();
	}

	private Optional<Place> between(Owner owner, FileId id, boolean newestFirst) {
		Optional<Place> older = neighbour(owner, id, "<", "DESC");
		Optional<Place> newer = neighbour(owner, id, ">", "ASC");
		Optional<Place> near = newestFirst ? newer : older;
		Optional<Place> far = newestFirst ? older : newer;
		boolean inOrder = older.flatMap((place) -> newer.map(place::isBefore)).orElse(true);
		return (near.isPresent() && inOrder) ? near : far.map(Place::including);
	}

	private Optional<Place> neighbour(Owner owner, FileId id, String side, String order) {
		return this.jdbc
			.sql("SELECT position, id FROM file WHERE owner = :owner AND status = 'AVAILABLE' AND id " + side
					+ " :id ORDER BY id " + order + " LIMIT 1")
			.param("owner", owner.name())
			.param("id", id.value())
			.query(PlaceRepository::place)
			.optional();
	}

	private static Place place(ResultSet row, int number) throws SQLException {
		return new Place(row.getLong("position"), row.getString("id"), false);
	}

}
