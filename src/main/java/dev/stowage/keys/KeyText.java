package dev.stowage.keys;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The text of a key: {@code sk-}, 12 characters of id, 43 of secret and 6 of checksum,
 * all digits and letters. The checksum tells a typing error from an unknown key.
 */
record KeyText(String id, String secret) {

	private static final String PREFIX = "sk-";

	private static final int ID_LENGTH = 12;

	/** As many as hold 256 bits. */
	private static final int SECRET_LENGTH = 43;

	private static final int CHECKSUM_LENGTH = 6;

	private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

	private static final Pattern SHAPE = Pattern
		.compile(PREFIX + "[0-9A-Za-z]{" + (ID_LENGTH + SECRET_LENGTH + CHECKSUM_LENGTH) + "}");

	private static final SecureRandom RANDOM = new SecureRandom();

	/** A new one, which nobody can guess. */
	static KeyText random() {
		return new KeyText(randomId(), random(SECRET_LENGTH));
	}

	/** The id of something new. */
	static String randomId() {
		return random(ID_LENGTH);
	}

	private static String random(int length) {
		StringBuilder text = new StringBuilder(length);
		RANDOM.ints(length, 0, ALPHABET.length()).forEach((index) -> text.append(ALPHABET.charAt(index)));
		return text.toString();
	}

	/**
	 * What a text of this shape says; empty for a text of another shape.
	 * @throws KeyRefusedException when the checksum is wrong
	 */
	static Optional<KeyText> parse(String text) {
		if (!SHAPE.matcher(text).matches()) {
			return Optional.empty();
		}
		int secret = PREFIX.length() + ID_LENGTH;
		KeyText parsed = new KeyText(text.substring(PREFIX.length(), secret),
				text.substring(secret, secret + SECRET_LENGTH));
		if (!parsed.text().equals(text)) {
			throw new KeyRefusedException("The API key has a typing error or is cut: its last characters do not match"
					+ " the rest. Copy it again.");
		}
		return Optional.of(parsed);
	}

	/** The whole text, which is shown once and never kept. */
	String text() {
		return PREFIX + this.id + this.secret + checksum();
	}

	private String checksum() {
		CRC32 crc = new CRC32();
		crc.update((this.id + this.secret).getBytes(StandardCharsets.US_ASCII));
		StringBuilder text = new StringBuilder(CHECKSUM_LENGTH);
		long rest = crc.getValue();
		for (int i = 0; i < CHECKSUM_LENGTH; i++) {
			text.append(ALPHABET.charAt((int) (rest % ALPHABET.length())));
			rest /= ALPHABET.length();
		}
		return text.reverse().toString();
	}

	KeyHash hash() {
		return KeyHash.of(this.secret);
	}

	/** Reveals nothing secret. */
	@Override
	public String toString() {
		return "KeyText[" + this.id + "]";
	}

}
