package dev.stowage.upload;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.file.FileException;
import dev.stowage.file.FileId;
import dev.stowage.file.FileName;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.file.UploadMethod;
import dev.stowage.storage.Checksum;

/**
 * Names a request, so that its repeats are recognized: 1 to 255 printable ASCII
 * characters that the client chose.
 *
 * @see <a href=
 * "https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header">The
 * Idempotency-Key HTTP Header Field</a>
 */
public record IdempotencyKey(String value) {

	/** The header that carries it. */
	public static final String HEADER = "Idempotency-Key";

	private static final int MAX_LENGTH = 255;

	private static final char QUOTE = '"';

	private static final char ESCAPE = '\\';

	public IdempotencyKey {
		if (value.isEmpty() || value.length() > MAX_LENGTH || !value.chars().allMatch((next) -> isPrintable(next))) {
			throw invalid();
		}
	}

	/**
	 * Reads the value of a header: a string as in RFC 8941, or the key without quotes.
	 * <p>
	 * {@code "a"} and {@code a} are the same key, and so are {@code "a\"b"} and
	 * {@code a"b}.
	 * @throws FileException.InvalidParameter when it is neither
	 */
	public static IdempotencyKey parse(String header) {
		return new IdempotencyKey((header.indexOf(QUOTE) == 0) ? unquoted(header) : header);
	}

	private static String unquoted(String quoted) {
		StringBuilder key = new StringBuilder();
		int at = 1;
		for (; at < quoted.length() && quoted.charAt(at) != QUOTE; at++) {
			if (quoted.charAt(at) == ESCAPE) {
				at++;
				if (at == quoted.length() || (quoted.charAt(at) != QUOTE && quoted.charAt(at) != ESCAPE)) {
					throw invalid();
				}
			}
			key.append(quoted.charAt(at));
		}
		if (at != quoted.length() - 1) {
			throw invalid();
		}
		return key.toString();
	}

	private static boolean isPrintable(int character) {
		return character >= ' ' && character <= '~';
	}

	private static FileException invalid() {
		return new FileException.InvalidParameter(HEADER, HEADER + " must be 1 to " + MAX_LENGTH
				+ " printable ASCII characters, or a string in double quotes with that content. Send it once.");
	}

	/** It may be a secret of the client, so no log shows it. */
	@Override
	public String toString() {
		return "IdempotencyKey[…]";
	}

	/**
	 * What a request claims a key for.
	 *
	 * @param file the id of a new file
	 * @param asked what the client asks for; empty if it says so later
	 */
	public record Use(FileId file, UploadMethod method, Optional<Asked> asked) {
	}

	/**
	 * What makes two requests the same one.
	 *
	 * @param bytes the length of the file; 0 if the client has not said
	 * @param lifetime for which the client asked; empty: as configured
	 * @param crc32c of the file's bytes; empty if they were not in the request
	 * @param metadata what the client says of the file
	 */
	public record Asked(Purpose purpose, FileName name, long bytes, Optional<Duration> lifetime, OptionalLong crc32c,
			Optional<String> metadata) {

		static Asked of(NewFile said, Checksum bytes) {
			return new Asked(said.purpose(), said.name(), bytes.length(), said.lifetime(),
					OptionalLong.of(bytes.crc32c()), said.metadata());
		}

	}

	/**
	 * An earlier request with the same key.
	 *
	 * @param id its file
	 * @param isSameMethod whether it asked for the same style of upload
	 * @param keptUntil when the key expires if there is no answer
	 * @param answeredAt when its answer was stored; empty if there is none yet
	 * @param isPending whether its file is pending
	 * @param asked what it asked for; empty if it has not said so yet
	 * @param file as it was answered, or as it is while pending; empty if neither
	 */
	public record Earlier(FileId id, boolean isSameMethod, Instant keptUntil, Optional<Instant> answeredAt,
			boolean isPending, Optional<Asked> asked, Optional<StoredFile> file) {

		/** Whether its answer is stored. */
		public boolean isAnswered() {
			return this.answeredAt.isPresent();
		}

		/**
		 * Refuses a request of another style.
		 * @throws FileException.KeyReused if it is one
		 */
		public void requireSameMethod() {
			if (!this.isSameMethod) {
				throw new FileException.KeyReused();
			}
		}

		/**
		 * Refuses a request that asks for something else.
		 * @throws FileException.KeyReused if it does
		 */
		public void requireSame(Asked again) {
			requireSameMethod();
			if (!this.asked.equals(Optional.of(again))) {
				throw new FileException.KeyReused();
			}
		}

	}

}
