package dev.stowage.http.head;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The header {@code Forwarded} (RFC 7239). */
final class ForwardedHeader {

	private ForwardedHeader() {
	}

	/**
	 * A parameter that the proxy set that the client reached.
	 * @param value such as {@code for=192.0.2.60;proto=https;host="files.example:8443"}
	 */
	static Optional<String> first(String value, String parameter) {
		return split(split(value, ',').getFirst(), ';').stream()
			.map((pair) -> pair.split("=", 2))
			.filter((pair) -> pair.length == 2 && pair[0].strip().equalsIgnoreCase(parameter))
			.map((pair) -> unquoted(pair[1].strip()))
			.findFirst();
	}

	/** Splits at separators that are not in a quoted string. */
	private static List<String> split(String value, char separator) {
		List<String> parts = new ArrayList<>();
		boolean quoted = false;
		int start = 0;
		for (int i = 0; i < value.length(); i++) {
			char next = value.charAt(i);
			if (quoted && next == '\\') {
				i++;
			}
			else if (next == '"') {
				quoted = !quoted;
			}
			else if (next == separator && !quoted) {
				parts.add(value.substring(start, i));
				start = i + 1;
			}
		}
		parts.add(value.substring(start));
		return parts;
	}

	private static String unquoted(String value) {
		boolean isQuoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
		return isQuoted ? value.substring(1, value.length() - 1) : value;
	}

}
