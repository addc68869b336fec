package dev.stowage.multipart;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A header value of the form {@code type; name=value; name="value"}, taken apart. */
final class HeaderValue {

	private final String header;

	private final String text;

	private final boolean everyBackslashEscapes;

	private final Predicate<String> wanted;

	private final Map<String, String> parameters = new LinkedHashMap<>();

	private int at;

	private HeaderValue(String header, String text, boolean everyBackslashEscapes, Predicate<String> wanted) {
		this.header = header;
		this.text = text;
		this.everyBackslashEscapes = everyBackslashEscapes;
		this.wanted = wanted;
	}

	/**
	 * Reads one parameter as RFC 2045 and 5322 require: in quotes, a backslash escapes
	 * any character. All other parameters may be malformed or occur twice.
	 */
	static HeaderValue only(String parameter, String header, String text) throws MalformedMultipartException {
		return new HeaderValue(header, text, true, parameter::equals).parse();
	}

	/**
	 * Reads as form clients write: in quotes, a backslash escapes a quote or another
	 * backslash, and is literal before any other character, because Java and curl send it
	 * raw.
	 */
	static HeaderValue lenient(String header, String text) throws MalformedMultipartException {
		return new HeaderValue(header, text, false, (any) -> true).parse();
	}

	String type() {
		int semicolon = this.text.indexOf(';');
		return ((semicolon < 0) ? this.text : this.text.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
	}

	Optional<String> parameter(String name) {
		return Optional.ofNullable(this.parameters.get(name));
	}

	/**
	 * Decodes only the three escapes of the HTML standard: a client that uses them leaves
	 * every other percent sign unchanged.
	 */
	static String decodeForm(String value) {
		return value.replace("%22", "\"")
			.replace("%0D", "\r")
			.replace("%0d", "\r")
			.replace("%0A", "\n")
			.replace("%0a", "\n");
	}

	private HeaderValue parse() throws MalformedMultipartException {
		this.at = indexOrEnd(';');
		while (this.at < this.text.length()) {
			this.at++;
			skipBlanks();
			if (this.at < this.text.length() && this.text.charAt(this.at) != ';') {
				parameter();
			}
		}
		return this;
	}

	private void parameter() throws MalformedMultipartException {
		int semicolon = indexOrEnd(';');
		int equals = this.text.indexOf('=', this.at, semicolon);
		String name = this.text.substring(this.at, Math.max(equals, this.at)).strip().toLowerCase(Locale.ROOT);
		boolean skipped = !this.wanted.test(name);
		if (equals < 0) {
			require(skipped, "a parameter needs a name, '=' and a value");
			this.at = semicolon;
			return;
		}
		this.at = equals + 1;
		skipBlanks();
		boolean quoted = this.at < this.text.length() && this.text.charAt(this.at) == '"';
		if (skipped) {
			if (quoted) {
				quotedText();
			}
			this.at = indexOrEnd(';');
			return;
		}
		String value = quoted ? quotedValue() : plainValue();
		require(!name.isEmpty() && this.parameters.put(name, value) == null,
				"each parameter must have a name of its own");
	}

	private String quotedValue() throws MalformedMultipartException {
		String value = quotedText();
		require(this.at < this.text.length(), "a quoted value must end with a quote");
		this.at++;
		skipBlanks();
		require(this.at == this.text.length() || this.text.charAt(this.at) == ';',
				"a semicolon must follow a quoted value, and a quote inside it be written as %22");
		return value;
	}

	/** Reads up to the closing quote; up to the end if there is none. */
	private String quotedText() {
		StringBuilder value = new StringBuilder();
		this.at++;
		while (this.at < this.text.length() && this.text.charAt(this.at) != '"') {
			if (escapes()) {
				this.at++;
			}
			value.append(this.text.charAt(this.at++));
		}
		return value.toString();
	}

	private boolean escapes() {
		if (this.text.charAt(this.at) != '\\' || this.at + 1 == this.text.length()) {
			return false;
		}
		char next = this.text.charAt(this.at + 1);
		return this.everyBackslashEscapes || next == '"' || next == '\\';
	}

	/**
	 * Reads to the semicolon, not just a token: boundaries with '=' and field names with
	 * brackets arrive without their quotes.
	 */
	private String plainValue() throws MalformedMultipartException {
		int semicolon = indexOrEnd(';');
		String value = this.text.substring(this.at, semicolon).strip();
		this.at = semicolon;
		require(!value.isEmpty() && value.indexOf('"') < 0, "a value must be a token, or a string in quotes");
		return value;
	}

	private void skipBlanks() {
		while (this.at < this.text.length()
				&& (this.text.charAt(this.at) == ' ' || this.text.charAt(this.at) == '\t')) {
			this.at++;
		}
	}

	private int indexOrEnd(char c) {
		int index = this.text.indexOf(c, this.at);
		return (index < 0) ? this.text.length() : index;
	}

	private void require(boolean wellFormed, String rule) throws MalformedMultipartException {
		if (!wellFormed) {
			throw new MalformedMultipartException("The " + this.header + " header is malformed: " + rule + ".");
		}
	}

}
