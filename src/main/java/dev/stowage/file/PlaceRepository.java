package dev.stowage.file;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.stowage.database.Changes;
import dev.stowage.owner.Owner;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The places of files in their owner's list: what a cursor means, up to where the list is
 * complete, and which files have pairs of metadata. Database triggers assign the
 * positions, so every version of the server gets them.
 * <p>
 * Every method throws Spring's {@code DataAccessException} when the database fails.
 */
@Repository
class PlaceRepository {

	/** Up to where the files with a pair are counted. */
	private static final int COUNTED = 1_000;

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

	/**
	 * The names of the pairs of a query, that of the pair which the fewest files have
	 * first, as far as that is quickly known. The search goes along that pair.
	 */
	List<String> rarestFirst(Owner owner, Map<String, String> pairs) {
		List<String> names = pairs.keySet().stream().sorted().toList();
		if (names.size() < 2) {
			return names;
		}
		Map<String, Long> counts = new HashMap<>();
		names.forEach((name) -> counts.put(name, count(owner, name, pairs)));
		return names.stream().sorted(Comparator.comparing(counts::get)).toList();
	}

	/** In an order, so that PostgreSQL counts along the index. */
	private long count(Owner owner, String name, Map<String, String> pairs) {
		return with(List.of(name), pairs,
				this.jdbc
					.sql("SELECT count(*) FROM (SELECT 1 FROM file_pair p WHERE " + said(List.of(name))
							+ " ORDER BY position, file_id LIMIT :most) known")
					.param("owner", owner.name())
					.param("most", COUNTED))
			.query(Long.class)
			.single();
	}

	/**
	 * The places of files of which their client said all that a query asks for.
	 * @param names of the pairs, that of the rarest first
	 */
	List<Place> saying(Owner owner, FileQuery query, List<String> names, Optional<Place> start, long settled,
			int limit) {
		JdbcClient.StatementSpec statement = this.jdbc
			.sql("SELECT position, file_id AS id FROM file_pair p WHERE " + said(names)
					+ range("file_id", query.newestFirst(), start, settled))
			.param("owner", owner.name());
		return with(start, settled, limit, with(names, query.metadata(), statement)).query(PlaceRepository::place)
			.list();
	}

	/** The condition that a row is of the first pair, and its file has the others. */
	private static String said(List<String> names) {
		StringBuilder condition = new StringBuilder("p.owner = :owner AND p.name = :name0 AND p.value = :value0");
		for (int i = 1; i < names.size(); i++) {
			condition.append("""
					 AND EXISTS (SELECT 1 FROM file_pair o WHERE o.owner = :owner AND o.name = :name%1$d
					AND o.value = :value%1$d AND o.position = p.position AND o.file_id = p.file_id)""".formatted(i));
		}
		return condition.toString();
	}

	private static JdbcClient.StatementSpec with(List<String> names, Map<String, String> pairs,
			JdbcClient.StatementSpec statement) {
		JdbcClient.StatementSpec complete = statement;
		for (int i = 0; i < names.size(); i++) {
			complete = complete.param("name" + i, names.get(i)).param("value" + i, pairs.get(names.get(i)));
		}
		return complete;
	}

	/**
	 * The end of a statement for rows in the order of lists.
	 * @param id its column for ids
	 */
	static String range(String id, boolean newestFirst, Optional<Place> start, long settled) {
		String order = newestFirst ? "DESC" : "ASC";
		String behind = (newestFirst ? "<" : ">") + (start.map(Place::inclusive).orElse(false) ? "=" : "");
		return (start.isPresent() ? " AND (position, " + id + ") " + behind + " (:position, :id)" : "")
				+ ((settled != Long.MAX_VALUE) ? " AND position <= :settled" : "") + " ORDER BY position " + order
				+ ", " + id + " " + order + " LIMIT :limit";
	}

	/** Sets the parameters of that end. */
	static JdbcClient.StatementSpec with(Optional<Place> start, long settled, int limit,
			JdbcClient.StatementSpec statement) {
		return statement.param("position", start.map(Place::position).orElse(null))
			.param("id", start.map(Place::id).orElse(null))
			.param("settled", settled)
			.param("limit", limit);
	}

}
