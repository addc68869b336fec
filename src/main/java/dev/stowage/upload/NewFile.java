package dev.stowage.upload;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

import dev.stowage.file.FileException;
import dev.stowage.file.FileName;
import dev.stowage.file.Purpose;
import dev.stowage.storage.Checksum;

/**
 * What a client says about a file that it uploads.
 *
 * @param contentType its media type, such as {@code text/csv}
 * @param lifetime how long after its creation it expires; empty: as configured for its
 * purpose
 * @param metadata what the client says besides, as a JSON object of texts; empty: nothing
 */
public record NewFile(FileName name, String contentType, Purpose purpose, Optional<Duration> lifetime,
		Optional<String> metadata) {

	private static final long MAX_BATCH_SIZE = 200L * 1024 * 1024;

	public NewFile {
		if (purpose.equals(Purpose.BATCH)) {
			requireLines(name, "Batch");
		}
		if (purpose.equals(Purpose.FINE_TUNE)) {
			requireLines(name, "Fine-Tuning");
		}
	}

	/** One of which the client says nothing besides. */
	public NewFile(FileName name, String contentType, Purpose purpose, Optional<Duration> lifetime) {
		this(name, contentType, purpose, lifetime, Optional.empty());
	}

	/** The content of a file without extension is not checked. */
	private static void requireLines(FileName name, String api) {
		String extension = name.extension().toLowerCase(Locale.ROOT);
		if (!extension.isEmpty() && !extension.equals(".jsonl")) {
			throw new FileException.InvalidParameter("file", "Invalid file format for " + api + " API. Must be .jsonl");
		}
	}

	/** The most bytes to receive, given the purpose if it is known. */
	public static long limit(Optional<Purpose> purpose, long limit) {
		return purpose.filter(Purpose.BATCH::equals).map((batch) -> Math.min(limit, MAX_BATCH_SIZE)).orElse(limit);
	}

	/** Why more bytes than allowed are refused, given the limit of any upload. */
	public static FileException tooLarge(long allowed, long limit) {
		return (allowed < limit) ? new FileException.TooLarge() : new FileException.OverLimit(limit);
	}

	/** Returns what was received, which must not be empty. */
	public static Checksum requireBytes(Checksum received) {
		if (received.length() == 0) {
			throw new FileException.InvalidParameter("file", "The file is empty. Upload at least one byte.");
		}
		return received;
	}

	/** Refuses a length that no file of its purpose may have. */
	public void requireSize(long bytes) {
		if (this.purpose.equals(Purpose.BATCH) && bytes > MAX_BATCH_SIZE) {
			throw new FileException.TooLarge();
		}
	}

}
