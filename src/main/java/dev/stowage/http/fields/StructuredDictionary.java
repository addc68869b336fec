package dev.stowage.http.fields;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses a header whose value is a dictionary (RFC 9651, 4.2.2). Values that are byte
 * sequences are decoded; any other value must only be a correct one.
 */
public final class StructuredDictionary {

	static final Pattern KEY = Pattern.compile("[a-z*][a-z0-9_.*-]*+");

	static final Pattern BYTES = Pattern.compile(":[A-Za-z0-9+/=]*+:");

	static final Pattern OTHER_ITEM = Pattern.compile("-?[0-9]{1,12}\\.[0-9]{1,3}|@?-?[0-9]{1,15}|\\?[01]"
			+ "|\"(?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*+\"|%\"(?:[ !#$&-~]|%[0-9a-f]{2})*+\""
			+ "|[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*+");

	private static final Pattern SPACES = Pattern.compile(" *+");

	/** Another member follows. */
	private static final Pattern COMMA = Pattern.compile(",[ \t]*+(?!$)");

	private static final Pattern BLANKS = Pattern.compile("[ \t]*+");

	private final String text;

	/** Its region is what was not parsed yet. */
	private final Matcher rest;

	private StructuredDictionary(String text) {
		this.text = text;
		this.rest = SPACES.matcher(text);
	}

	/**
	 * Parses the lines of one header, which count as if they were joined by commas. Of
	 * members with the same key, the last one counts.
	 * @return the members' values; empty if a value is not a byte sequence
	 * @throws IllegalArgumentException when the text is not a dictionary
	 */
	public static Map<String, Optional<byte[]>> parse(List<String> lines) {
		return new StructuredDictionary(String.join(", ", lines)).members();
	}

	private Map<String, Optional<byte[]>> members() {
		Map<String, Optional<byte[]>> members = new LinkedHashMap<>();
		require(SPACES);
		while (!isAtEnd()) {
			members.put(require(KEY), value());
			require(BLANKS);
			if (!isAtEnd()) {
				require(COMMA);
			}
		}
		return members;
	}

	private Optional<byte[]> value() {
		Optional<byte[]> value = Optional.empty();
		if (take('=')) {
			value = take('(') ? innerList() : item();
		}
		skipParameters();
		return value;
	}

	private Optional<byte[]> innerList() {
		for (require(SPACES); !take(')'); require(SPACES)) {
			item();
			skipParameters();
			if (!isNext(' ') && !isNext(')')) {
				throw malformed();
			}
		}
		return Optional.empty();
	}

	private Optional<byte[]> item() {
		if (isNext(':')) {
			String bytes = require(BYTES);
			return Optional.of(Base64.getDecoder().decode(bytes.substring(1, bytes.length() - 1)));
		}
		require(OTHER_ITEM);
		return Optional.empty();
	}

	private void skipParameters() {
		while (take(';')) {
			require(SPACES);
			require(KEY);
			if (take('=')) {
				item();
			}
		}
	}

	private boolean isAtEnd() {
		return this.rest.regionStart() == this.text.length();
	}

	private boolean isNext(char c) {
		return !isAtEnd() && this.text.charAt(this.rest.regionStart()) == c;
	}

	private boolean take(char c) {
		boolean isNext = isNext(c);
		if (isNext) {
			this.rest.region(this.rest.regionStart() + 1, this.text.length());
		}
		return isNext;
	}

	private String require(Pattern pattern) {
		if (!this.rest.usePattern(pattern).lookingAt()) {
			throw malformed();
		}
		String found = this.rest.group();
		this.rest.region(this.rest.end(), this.text.length());
		return found;
	}

	private static IllegalArgumentException malformed() {
		return new IllegalArgumentException("Not a dictionary");
	}

}
