package dev.stowage.api;

import java.nio.charset.StandardCharsets;

import dev.stowage.file.FileName;

/**
 * The {@code Content-Disposition} of a download. It has the name twice: in ASCII, which
 * every client reads, and in full.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6266">RFC 6266</a>
 */
final class Disposition {

	private static final String UNRESERVED = "!#$&+-.^_`|~";

	private Disposition() {
	}

	static String attachment(FileName name) {
		return "attachment; filename=\"" + ascii(name) + "\"; filename*=UTF-8''" + encoded(name);
	}

	/**
	 * Clients disagree on quotes, backslashes and percent signs, so these are replaced.
	 */
	private static String ascii(FileName name) {
		StringBuilder ascii = new StringBuilder();
		name.value().codePoints().forEach((character) -> {
			boolean safe = character >= ' ' && character < 0x7F && "\"\\%".indexOf(character) < 0;
			ascii.append(safe ? (char) character : '_');
		});
		return ascii.toString();
	}

	/** The value characters of RFC 8187. */
	private static String encoded(FileName name) {
		StringBuilder encoded = new StringBuilder();
		for (byte octet : name.value().getBytes(StandardCharsets.UTF_8)) {
			char character = (char) (octet & 0xFF);
			boolean plain = character < 0x7F
					&& (Character.isLetterOrDigit(character) || UNRESERVED.indexOf(character) >= 0);
			if (plain) {
				encoded.append(character);
			}
			else {
				encoded.append(String.format("%%%02X", (int) character));
			}
		}
		return encoded.toString();
	}

}
