package dev.stowage.multipart;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What the headers of a part say about it (RFC 7578).
 *
 * @param others the values of headers without a meaning here, by their lower-case names
 */
record PartHeaders(String name, Optional<String> fileName, Optional<String> contentType,
		Map<String, List<String>> others) {

	private static final String DISPOSITION = "Content-Disposition";

	private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

	private static final Set<String> IDENTITY_ENCODINGS = Set.of("binary", "7bit", "8bit");

	/**
	 * Reads header lines that each end in CRLF, without the blank line that follows them.
	 */
	static PartHeaders parse(byte[] block) throws MalformedMultipartException {
		String disposition = null;
		Optional<String> contentType = Optional.empty();
		Map<String, List<String>> others = new HashMap<>();
		for (String line : unfoldedLines(block)) {
			int colon = line.indexOf(':');
			String name = line.substring(0, Math.max(colon, 0));
			if (!isToken(name) || line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0) {
				throw new MalformedMultipartException("A line in the headers of a part is not a header: "
						+ MalformedMultipartException.quoted(line) + ". Send 'name: value' and CRLF.");
			}
			String value = line.substring(colon + 1).strip();
			String lowerCase = name.toLowerCase(Locale.ROOT);
			switch (lowerCase) {
				case "content-disposition" -> disposition = only(disposition, value);
				case "content-transfer-encoding" -> requireIdentity(value);
				case "content-type" -> contentType = Optional.of(value);
				// such as a digest, or the Content-Length that Ruby sends
				default -> others.computeIfAbsent(lowerCase, (first) -> new ArrayList<>()).add(value);
			}
		}
		if (disposition == null) {
			throw new MalformedMultipartException(
					"A part has no Content-Disposition header. Send 'form-data' with the name of the field.");
		}
		return of(HeaderValue.lenient(DISPOSITION, disposition), contentType, others);
	}

	private static String[] unfoldedLines(byte[] block) {
		String text = new String(block, StandardCharsets.UTF_8);
		if (text.isEmpty()) {
			return new String[0];
		}
		return text.replace("\r\n ", " ").replace("\r\n\t", "\t").split("\r\n", 0);
	}

	private static boolean isToken(String text) {
		return !text.isEmpty() && text.chars().allMatch(PartHeaders::isTokenCharacter);
	}

	private static boolean isTokenCharacter(int c) {
		return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
				|| TOKEN_SYMBOLS.indexOf(c) >= 0;
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

	private static PartHeaders of(HeaderValue disposition, Optional<String> contentType,
			Map<String, List<String>> others) throws MalformedMultipartException {
		String name = disposition.parameter("name")
			.filter((given) -> disposition.type().equals("form-data"))
			.map(HeaderValue::decodeForm)
			.orElseThrow(() -> new MalformedMultipartException(
					"The Content-Disposition of a part must be 'form-data' with the name of the field."));
		return new PartHeaders(name, FileNameParameter.of(disposition), contentType, others);
	}

}
