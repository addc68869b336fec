package dev.stowage.event;

import java.time.Instant;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.file.Purpose;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver gets.
 *
 * @param timestamp when it happened, by RFC 3339
 * @param data the file, in the words of the API
 */
record EventBody(String type, String timestamp, Data data) {

	static EventBody of(Event event) {
		return new EventBody(event.type(), event.happenedAt().toString(),
				new Data(event.fileId(), event.owner(), event.filename(), purpose(event.purpose()), event.bytes(),
						event.createdAt().getEpochSecond(),
						event.expiresAt().map(Instant::getEpochSecond).orElse(null)));
	}

	/** A newer version may have written one that this version does not know. */
	private static @Nullable String purpose(@Nullable String name) {
		if (name == null) {
			return null;
		}
		try {
			return Purpose.valueOf(name).wireName();
		}
		catch (IllegalArgumentException ex) {
			return name.toLowerCase(Locale.ROOT);
		}
	}

	/**
	 * A file. Times are Unix seconds.
	 *
	 * @param expiresAt missing: never
	 */
	record Data(String id, String owner, @Nullable String filename, @Nullable String purpose, long bytes,
			@JsonProperty("created_at") long createdAt, @JsonProperty("expires_at") @Nullable Long expiresAt) {
	}

}
