package dev.stowage.file;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names a file: {@code file-}, eight base-62 digits of the millisecond of its creation,
 * and 22 random ones. Sorted by their bytes, ids are in the order of creation. The random
 * part (130 bits) cannot be guessed.
 */
public record FileId(String value) implements Comparable<FileId> {

	private static final String PREFIX = "file-";

	private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

	private static final int TIME_DIGITS = 8;

	private static final int RANDOM_DIGITS = 22;

	private static final Pattern WELL_FORMED = Pattern.compile("file-[0-9A-Za-z]{24,64}");

	private static final SecureRandom random = new SecureRandom();

	public FileId {
		if (!WELL_FORMED.matcher(value).matches()) {
			throw new IllegalArgumentException("Not a file id");
		}
	}

	/** Parses an id; empty if it is not well formed. */
	public static Optional<FileId> parse(String text) {
		return WELL_FORMED.matcher(text).matches() ? Optional.of(new FileId(text)) : Optional.empty();
	}

	public static FileId createdAt(Instant time) {
		char[] digits = new char[TIME_DIGITS + RANDOM_DIGITS];
		long millis = time.toEpochMilli();
		for (int i = TIME_DIGITS - 1; i >= 0; i--) {
			digits[i] = DIGITS.charAt((int) (millis % DIGITS.length()));
			millis /= DIGITS.length();
		}
		for (int i = TIME_DIGITS; i < digits.length; i++) {
			digits[i] = DIGITS.charAt(random.nextInt(DIGITS.length()));
		}
		return new FileId(PREFIX + new String(digits));
	}

	@Override
	public int compareTo(FileId other) {
		return this.value.compareTo(other.value);
	}

	@Override
	public String toString() {
		return this.value;
	}

}
