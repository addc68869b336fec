package dev.stowage.http.fields;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses headers whose value is one item (RFC 9651, 4.2.3), such as {@code ?1} or
 * {@code 42;a=b}. Parameters are allowed and ignored. A value that is malformed, or of
 * another type, counts as if the header was missing.
 */
public final class StructuredItem {

	private static final String BARE = "(?:" + StructuredDictionary.OTHER_ITEM + "|" + StructuredDictionary.BYTES + ")";

	private static final String PARAMETERS = "(?:; *" + StructuredDictionary.KEY + "(?:=" + BARE + ")?+)*+";

	private static final Pattern BOOLEAN = Pattern.compile(" *+\\?([01])" + PARAMETERS + " *+");

	private static final Pattern INTEGER = Pattern.compile(" *+(-?[0-9]{1,15})" + PARAMETERS + " *+");

	private StructuredItem() {
	}

	/**
	 * A boolean.
	 * @param lines the lines of the header
	 */
	public static Optional<Boolean> bool(List<String> lines) {
		return parse(BOOLEAN, lines).map("1"::equals);
	}

	/**
	 * A number that is not negative.
	 * @param lines the lines of the header
	 */
	public static OptionalLong size(List<String> lines) {
		return parse(INTEGER, lines).stream().mapToLong(Long::parseLong).filter((number) -> number >= 0).findFirst();
	}

	private static Optional<String> parse(Pattern type, List<String> lines) {
		Matcher item = type.matcher(String.join(", ", lines));
		return item.matches() ? Optional.of(item.group(1)) : Optional.empty();
	}

}
