package dev.stowage.keys;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.stowage.keys.KeyRepository.Kept;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Finds the key that a text stands for. What the database said is believed for 10
 * seconds, also that there is no such key; so a key that is revoked on another instance
 * opens nothing after that time.
 */
@Component
public class KnownKeys {

	/** How long what the database said is believed. */
	public static final Duration BELIEVED = Duration.ofSeconds(10);

	private static final int MOST = 10_000;

	/** Compared with where there is no key, so that both take the same time. */
	private static final KeyHash OF_NOBODY = KeyHash.of("");

	private final LoadingCache<String, Optional<Kept>> kept;

	private final LastUses uses;

	private final Clock clock;

	KnownKeys(KeyRepository rows, LastUses uses, Clock clock) {
		this.kept = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(BELIEVED).build(rows::find);
		this.uses = uses;
		this.clock = clock;
	}

	/**
	 * The key that a text is; empty if it is none.
	 * @param olderVersions whether the key counts that the first start of an older
	 * version made, which has another shape
	 * @throws KeyRefusedException when it is one that opens nothing
	 * @throws DataAccessException when the database does not answer
	 */
	public Optional<ManagedKey> find(String text, boolean olderVersions) {
		Optional<KeyText> parsed = KeyText.parse(text);
		if (parsed.isEmpty() && !olderVersions) {
			return Optional.empty();
		}
		String id = parsed.map(KeyText::id).orElse(ManagedKey.OF_OLDER_VERSION);
		KeyHash presented = parsed.map(KeyText::hash).orElseGet(() -> KeyHash.of(text));
		Optional<Kept> row = Objects.requireNonNull(this.kept.get(id));
		if (!row.map(Kept::hash).orElse(OF_NOBODY).matches(presented)) {
			return Optional.empty();
		}
		requireValid(row.orElseThrow());
		this.uses.note(id);
		return row.map(Kept::key);
	}

	/** Only one who knows the secret learns why. */
	private void requireValid(Kept row) {
		Instant now = this.clock.instant();
		if (row.key().revokedAt().isPresent()) {
			throw new KeyRefusedException("The API key was revoked. Ask the operator for another.");
		}
		if (row.key().expiresAt().filter((end) -> !end.isAfter(now)).isPresent()) {
			throw new KeyRefusedException("The API key has expired. Ask the operator for another.");
		}
		if (row.archived()) {
			throw new KeyRefusedException("The project of this API key is archived.");
		}
	}

	/** Makes this instance ask the database at the next use. */
	void forget(String id) {
		this.kept.invalidate(id);
	}

	/** The same for all keys. */
	void forgetAll() {
		this.kept.invalidateAll();
	}

}
