package dev.stowage.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.stowage.database.Changes;
import dev.stowage.storage.ObjectKey;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What the database knows of its store: one row, which the first start creates. A word is
 * replaced in three steps, which any instance may repeat: it is noted as the next word,
 * written to the store, and only then becomes current.
 */
@Repository
class IdentityRepository {

	private final JdbcClient jdbc;

	private final Changes changes;

	IdentityRepository(JdbcClient jdbc, Changes changes) {
		this.jdbc = jdbc;
		this.changes = changes;
	}

	/** Of several simultaneous first starts, one inserts. */
	void addIfMissing(StoreIdentity fresh) {
		this.changes.update(this.jdbc.sql("""
				INSERT INTO store_identity (one, id, word) VALUES (1, :id, :word) ON CONFLICT DO NOTHING""")
			.param("id", fresh.id())
			.param("word", fresh.word()));
	}

	Optional<Known> find() {
		return this.jdbc.sql("SELECT id, word, next_word, previous_word, written_at FROM store_identity")
			.query((row, number) -> {
				long written = row.getLong("written_at");
				boolean isNever = row.wasNull();
				return new Known(new StoreIdentity(row.getString("id"), row.getString("word")),
						Optional.ofNullable(row.getString("next_word")),
						Optional.ofNullable(row.getString("previous_word")),
						isNever ? Optional.empty() : Optional.of(Instant.ofEpochSecond(written)));
			})
			.optional();
	}

	/** Notes the next word, unless another instance has; returns the noted word. */
	Optional<String> noteNext(String word, String next) {
		this.changes.update(
				this.jdbc.sql("UPDATE store_identity SET next_word = :next WHERE word = :word AND next_word IS NULL")
					.param("word", word)
					.param("next", next));
		return find().filter((known) -> known.identity().word().equals(word)).flatMap(Known::next);
	}

	/** Records that the store holds a word, which replaces the one before it. */
	void written(String word, Instant now) {
		this.changes.update(this.jdbc.sql("""
				UPDATE store_identity SET previous_word = CASE WHEN word = :word THEN previous_word ELSE word END,
					word = :word, next_word = NULL, written_at = :now
				WHERE word = :word OR next_word = :word""").param("word", word).param("now", now.getEpochSecond()));
	}

	/** The keys of some finished files. */
	List<ObjectKey> someObjects(Instant now, int count) {
		return this.jdbc.sql("""
				SELECT object_key FROM file WHERE status = 'AVAILABLE' AND (expires_at IS NULL OR expires_at > :now)
				LIMIT :count""")
			.param("now", now.getEpochSecond())
			.param("count", count)
			.query((row, number) -> new ObjectKey(row.getString("object_key")))
			.list();
	}

	/**
	 * The contents of the row.
	 *
	 * @param identity what the store should hold
	 * @param next the word that the store may hold as well, because it is being replaced
	 * @param previous the word that was replaced last
	 * @param writtenAt when the store last got its word; empty: never
	 */
	record Known(StoreIdentity identity, Optional<String> next, Optional<String> previous,
			Optional<Instant> writtenAt) {
	}

}
