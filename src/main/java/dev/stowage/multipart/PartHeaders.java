package dev.stowage.multipart;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** What the headers of a part say about it (RFC 7578). */
record PartHeaders(String name, Optional<String> fileName, Optional<String> contentType) {

	private static final String DISPOSITION = "Content-Disposition";

	private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

	private static final String EXTENDED_SYMBOLS = "!#$&+-.^_`|~";

	private static final Set<String> IDENTITY_ENCODINGS = Set.of("binary", "7bit", "8bit");

	/**
	 * Reads header lines that each end in CRLF, without the blank line that follows them.
	 */
	static PartHeaders parse(byte[] block) throws MalformedMultipartException {
		String disposition = null;
		Optional<String> contentType = Optional.empty();
		for (String line : unfoldedLines(block)) {
			int colon = line.indexOf(':');
			String name = line.substring(0, Math.max(colon, 0));
			if (!isToken(name) || line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
				throw new MalformedMultipartException("A line in the headers of a part is not a header: "
						+ MalformedMultipartException.quoted(line) + ". Send 'name: value' and CRLF.");
			}
			String value = line.substring(colon + 1).strip();
			switch (name.toLowerCase(Locale.ROOT)) {
				case "content-disposition" -> disposition = only(disposition, value);
				case "content-transfer-encoding" -> requireIdentity(value);
				case "content-type" -> contentType = Optional.of(value);
				default -> {
					// such as the Content-Length that Ruby sends
				}
			}
		}
		if (disposition == null) {
			throw new MalformedMultipartException(
					"A part has no Content-Disposition header. Send 'form-data' with the name of the field.");
		}
		return of(HeaderValue.lenient(DISPOSITION, disposition), contentType);
	}

	private static String[] unfoldedLines(byte[] block) {
		String text = new String(block, StandardCharsets.UTF_8);
		if (text.isEmpty()) {
			return new String[0];
		}
		return text.replace("\r\n ", " ").replace("\r\n\t", "\t").split("\r\n", 0);
	}

	private static boolean isToken(String text) {
		return !text.isEmpty() && text.chars().allMatch((c) -> isAlphanumericOr(TOKEN_SYMBOLS, c));
	}

	private static String only(@Nullable String earlier, String value) throws MalformedMultipartException {
		if (earlier != null) {
			throw new MalformedMultipartException("A part has more than one Content-Disposition header. Send one.");
		}
		return value;
	}

	/**
	 * Parts are not decoded, so an encoded part would be stored in its encoded form.
	 */
	private static void requireIdentity(String encoding) throws MalformedMultipartException {
		if (!IDENTITY_ENCODINGS.contains(encoding.toLowerCase(Locale.ROOT))) {
			throw new MalformedMultipartException("The Content-Transfer-Encoding "
					+ MalformedMultipartException.quoted(encoding) + " is not supported. Send the bytes as they are.");
		}
	}

	private static PartHeaders of(HeaderValue disposition, Optional<String> contentType)
			throws MalformedMultipartException {
		String name = disposition.parameter("name")
			.filter((given) -> disposition.type().equals("form-data"))
			.map(PartHeaders::decodeForm)
			.orElseThrow(() -> new MalformedMultipartException(
					"The Content-Disposition of a part must be 'form-data' with the name of the field."));
		Optional<String> fileName = disposition.parameter("filename*")
			.flatMap(PartHeaders::decodeExtended)
			.or(() -> disposition.parameter("filename").map(PartHeaders::decodeForm));
		return new PartHeaders(name, fileName, contentType);
	}

	/**
	 * Decodes only the three escapes of the HTML standard: a client that uses them leaves
	 * every other percent sign unchanged.
	 */
	private static String decodeForm(String value) {
		return value.replace("%22", "\"")
			.replace("%0D", "\r")
			.replace("%0d", "\r")
			.replace("%0A", "\n")
			.replace("%0a", "\n");
	}

	/**
	 * Decodes {@code charset'language'percent-encoded} (RFC 8187, and RFC 5987 for
	 * ISO-8859-1); empty if it is malformed, because then the plain parameter is used.
	 */
	private static Optional<String> decodeExtended(String value) {
		String[] sections = value.split("'", -1);
		if (sections.length != 3) {
			return Optional.empty();
		}
		return switch (sections[0].toLowerCase(Locale.ROOT)) {
			case "utf-8" -> decodePercent(sections[2], StandardCharsets.UTF_8);
			case "iso-8859-1" -> decodePercent(sections[2], StandardCharsets.ISO_8859_1);
			default -> Optional.empty();
		};
	}

	private static Optional<String> decodePercent(String encoded, Charset charset) {
		ByteBuffer bytes = ByteBuffer.allocate(encoded.length());
		for (int i = 0; i < encoded.length(); i++) {
			char c = encoded.charAt(i);
			if (isAlphanumericOr(EXTENDED_SYMBOLS, c)) {
				bytes.put((byte) c);
			}
			else if (c == '%' && isHex(encoded, i + 1) && isHex(encoded, i + 2)) {
				bytes.put((byte) HexFormat.fromHexDigits(encoded, i + 1, i + 3));
				i += 2;
			}
			else {
				return Optional.empty();
			}
		}
		try {
			return Optional.of(charset.newDecoder().decode(bytes.flip()).toString());
		}
		catch (CharacterCodingException ex) {
			return Optional.empty();
		}
	}

	private static boolean isHex(String text, int index) {
		return index < text.length() && HexFormat.isHexDigit(text.charAt(index));
	}

	private static boolean isAlphanumericOr(String symbols, int c) {
		return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || symbols.indexOf(c) >= 0;
	}

}
