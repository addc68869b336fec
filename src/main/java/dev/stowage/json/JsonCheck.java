package dev.stowage.json;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Checks that a stream, which it leaves open, is one value of RFC 8259 in strict UTF-8
 * and nothing after it, in memory that does not grow with the stream.
 */
public final class JsonCheck {

	static final int MAX_DEPTH = 1000;

	private static final int END = -1;

	private static final byte PLAIN = 1;

	private static final byte DIGIT = 2;

	private static final byte BLANK = 4;

	private static final byte[] KINDS = new byte[256];

	static {
		Arrays.fill(KINDS, ' ', 0x80, PLAIN);
		KINDS['"'] = 0;
		KINDS['\\'] = 0;
		"0123456789".chars().forEach((digit) -> KINDS[digit] |= DIGIT);
		" \t\r".chars().forEach((blank) -> KINDS[blank] |= BLANK);
	}

	private static final int[] SMALLEST_BY_LENGTH = { 0, 0, 0x80, 0x800, 0x10000 };

	private final InputStream in;

	private final byte[] buffer = new byte[64 * 1024];

	private int position;

	private int limit;

	private long line = 1;

	// counted like the position, and increased by each byte that does not begin a
	// character
	private long lineStart;

	private final BitSet objects = new BitSet(MAX_DEPTH);

	private int depth;

	private boolean opened;

	private JsonCheck(InputStream in) {
		this.in = in;
	}

	public static void check(InputStream in) throws IOException, InvalidJsonException {
		new JsonCheck(in).document();
	}

	private void document() throws IOException, InvalidJsonException {
		if (token() == END) {
			throw new InvalidJsonException(this.line, column(), "no value");
		}
		value(token(), "a value");
		while (this.depth > 0) {
			item(this.objects.get(this.depth - 1));
		}
		if (token() != END) {
			throw unexpected("the end of input", token());
		}
	}

	private void item(boolean inObject) throws IOException, InvalidJsonException {
		boolean first = this.opened;
		this.opened = false;
		int found = token();
		if (found == (inObject ? '}' : ']')) {
			this.position++;
			this.depth--;
			return;
		}
		if (!first) {
			found = separator(',', inObject ? "',' or '}'" : "',' or ']'", found);
		}
		if (inObject) {
			if (found != '"') {
				throw unexpected(first ? "a name in double quotes or '}'" : "a name in double quotes", found);
			}
			string();
			found = separator(':', "':'", token());
		}
		value(found, (first && !inObject) ? "a value or ']'" : "a value");
	}

	private int separator(char separator, String expected, int found) throws IOException, InvalidJsonException {
		if (found != separator) {
			throw unexpected(expected, found);
		}
		this.position++;
		return token();
	}

	private void value(int found, String expected) throws IOException, InvalidJsonException {
		switch (found) {
			case '{', '[' -> open(found == '{');
			case '"' -> string();
			case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number(found);
			case 't' -> word("true");
			case 'f' -> word("false");
			case 'n' -> word("null");
			default -> throw unexpected(expected, found);
		}
	}

	private void open(boolean object) throws InvalidJsonException {
		if (this.depth == MAX_DEPTH) {
			throw new InvalidJsonException(this.line, column(), "nesting deeper than " + MAX_DEPTH);
		}
		this.position++;
		this.objects.set(this.depth++, object);
		this.opened = true;
	}

	private void string() throws IOException, InvalidJsonException {
		this.position++;
		for (int found = skip(PLAIN); found != '"'; found = skip(PLAIN)) {
			if (found == '\\') {
				escape();
			}
			else if (found >= 0x80) {
				character(found);
			}
			else {
				throw unexpected("no unescaped control character in a string", found);
			}
		}
		this.position++;
	}

	private void escape() throws IOException, InvalidJsonException {
		int found = advance();
		if ("\"\\/bfnrtu".indexOf(found) < 0) {
			throw unexpected("one of \"\\/bfnrtu after a backslash", found);
		}
		for (int digits = (found == 'u') ? 4 : 0; digits > 0; digits--) {
			found = advance();
			if (Character.digit(found, 16) < 0) {
				throw unexpected("a hexadecimal digit", found);
			}
		}
		this.position++;
	}

	private void number(int first) throws IOException, InvalidJsonException {
		int found = (first == '-') ? advance() : first;
		found = (found == '0') ? advance() : digits(found);
		if (found == '.') {
			found = digits(advance());
		}
		if (found == 'e' || found == 'E') {
			found = advance();
			digits((found == '+' || found == '-') ? advance() : found);
		}
	}

	private int digits(int found) throws IOException, InvalidJsonException {
		if (found < '0' || found > '9') {
			throw unexpected("a digit", found);
		}
		return skip(DIGIT);
	}

	private void word(String word) throws IOException, InvalidJsonException {
		for (int i = 1; i < word.length(); i++) {
			int found = advance();
			if (found != word.charAt(i)) {
				throw unexpected("'%c' of %s".formatted(word.charAt(i), word), found);
			}
		}
		this.position++;
	}

	private int token() throws IOException {
		int found = skip(BLANK);
		while (found == '\n') {
			this.position++;
			this.line++;
			this.lineStart = this.position;
			found = skip(BLANK);
		}
		return found;
	}

	private int advance() throws IOException {
		this.position++;
		return skip((byte) 0);
	}

	private int skip(byte kind) throws IOException {
		while (this.limit != END) {
			int at = this.position;
			while (at < this.limit && (KINDS[this.buffer[at] & 0xFF] & kind) != 0) {
				at++;
			}
			this.position = at;
			if (at < this.limit) {
				return this.buffer[at] & 0xFF;
			}
			this.lineStart -= this.limit;
			this.position = 0;
			this.limit = this.in.read(this.buffer);
		}
		return END;
	}

	private int character(int lead) throws IOException, InvalidJsonException {
		long column = column();
		int length = Integer.numberOfLeadingZeros(~lead << 24);
		boolean valid = length >= 2 && length <= 4;
		int codePoint = lead & (0x7F >> length);
		for (int i = 1; valid && i < length; i++) {
			int found = advance();
			valid = (found & 0xC0) == 0x80;
			codePoint = (codePoint << 6) | (found & 0x3F);
		}
		if (!valid || codePoint < SMALLEST_BY_LENGTH[length] || codePoint > Character.MAX_CODE_POINT
				|| Character.getType(codePoint) == Character.SURROGATE) {
			throw new InvalidJsonException(this.line, column, "invalid UTF-8");
		}
		this.position++;
		this.lineStart += length - 1;
		return codePoint;
	}

	private InvalidJsonException unexpected(String expected, int found) throws IOException, InvalidJsonException {
		long column = column();
		int codePoint = (found < 0x80) ? found : character(found);
		return new InvalidJsonException(this.line, column, InvalidJsonException.reason(expected, codePoint));
	}

	private long column() {
		return this.position - this.lineStart + 1;
	}

}
