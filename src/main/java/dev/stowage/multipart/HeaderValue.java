package dev.stowage.multipart;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A header value of the form {@code type; name=value; name="value"}, taken apart. */
final class HeaderValue {

	private final String header;

	private final String text;

	private final boolean everyBackslashEscapes;

	private final Map<String, String> parameters = new LinkedHashMap<>();

	private int at;

	private HeaderValue(String header, String text, boolean everyBackslashEscapes) {
		this.header = header;
		this.text = text;
		this.everyBackslashEscapes = everyBackslashEscapes;
	}

	/**
	 * Reads as RFC 2045 and 5322 require: in quotes, a backslash escapes any character.
	 */
	static HeaderValue strict(String header, String text) throws MalformedMultipartException {
		return new HeaderValue(header, text, true).parse();
	}

	/**
	 * Reads as form clients write: in quotes, a backslash escapes a quote or another
	 * backslash, and is literal before any other character, because Java and curl send it
	 * raw.
	 */
	static HeaderValue lenient(String header, String text) throws MalformedMultipartException {
		return new HeaderValue(header, text, false).parse();
	}

	String type() {
		int semicolon = this.text.indexOf(';');
		return ((semicolon < 0) ? this.text : this.text.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
	}

	Optional<String> parameter(String name) {
		return Optional.ofNullable(this.parameters.get(name));
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
		int equals = indexOrEnd('=');
		int semicolon = indexOrEnd(';');
		if (equals >= semicolon) {
			throw malformed("a parameter needs a name, '=' and a value");
		}
		String name = this.text.substring(this.at, equals).strip().toLowerCase(Locale.ROOT);
		this.at = equals + 1;
		skipBlanks();
		boolean quoted = this.at < this.text.length() && this.text.charAt(this.at) == '"';
		String value = quoted ? quotedValue() : plainValue();
		if (name.isEmpty() || this.parameters.put(name, value) != null) {
			throw malformed("each parameter must have a name of its own");
		}
	}

	private String quotedValue() throws MalformedMultipartException {
		StringBuilder value = new StringBuilder();
		this.at++;
		while (this.at < this.text.length() && this.text.charAt(this.at) != '"') {
			if (escapes()) {
				this.at++;
			}
			value.append(this.text.charAt(this.at++));
		}
		if (this.at == this.text.length()) {
			throw malformed("a quoted value must end with a quote");
		}
		this.at++;
		skipBlanks();
		if (this.at < this.text.length() && this.text.charAt(this.at) != ';') {
			throw malformed("a semicolon must follow a quoted value, and a quote inside it be written as %22");
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
		if (value.isEmpty() || value.indexOf('"') >= 0) {
			throw malformed("a value must be a token, or a string in quotes");
		}
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

	private MalformedMultipartException malformed(String rule) {
		return new MalformedMultipartException("The " + this.header + " header is malformed: " + rule + ".");
	}

}
