package dev.stowage.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How values are written in both databases: times as seconds, enums as their names. */
public final class Sql {

	private Sql() {
	}

	/** A time, where the column has one. */
	public static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
		long seconds = row.getLong(column);
		return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochSecond(seconds));
	}

	/** The words of an enum, as a list in a statement. */
	public static String words(Enum<?>[] values) {
		return words(Arrays.stream(values).map(Enum::name));
	}

	/** Words of this program, never of a client, as a list in a statement. */
	public static String words(Stream<String> words) {
		return words.map((word) -> "'" + word + "'").collect(Collectors.joining(", "));
	}

}
