package dev.stowage.json;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Pins what {@link JsonCheck} accepts, and the place and the message of each refusal.
 */
class JsonCheckTests {

	static final String ACCEPTED = "accepted";

	private static final int BUFFER = 64 * 1024;

	/** Bytes are written as the characters of ISO 8859-1. */
	static final String[][] DOCUMENTS = { { "0", ACCEPTED }, { "-0", ACCEPTED }, { "-0.0e-0", ACCEPTED },
			{ "10.01E+99", ACCEPTED }, { "1e5", ACCEPTED }, { "\"\"", ACCEPTED }, { "true", ACCEPTED },
			{ "false", ACCEPTED }, { "null", ACCEPTED }, { "[]", ACCEPTED }, { "{}", ACCEPTED },
			{ "[[],{}]", ACCEPTED }, { " \t\r\n[ 1 , 2 ]\r\n ", ACCEPTED },
			{ "{\"\":{\"a\":[null]},\"\":1}", ACCEPTED },
			{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00aF\\uD800\\uDC00\"", ACCEPTED }, { "\"\\uDC00\"", ACCEPTED },
			{ "\"\u007F /'\"", ACCEPTED }, { "\"\u00C2\u0080\u00DF\u00BF\"", ACCEPTED },
			{ "\"\u00E0\u00A0\u0080\u00ED\u009F\u00BF\u00EE\u0080\u0080\u00EF\u00BF\u00BF\"", ACCEPTED },
			{ "\"\u00F0\u0090\u0080\u0080\u00F4\u008F\u00BF\u00BF\"", ACCEPTED },
			{ "\"\u00EF\u00BB\u00BF\"", ACCEPTED }, { "", "line 1, column 1: no value" },
			{ " \r\n\t\n ", "line 3, column 2: no value" },
			{ "\u00EF\u00BB\u00BF{}", "line 1, column 1: byte order mark is not allowed" },
			{ "\u00FE\u00FF\u0000{", "line 1, column 1: invalid UTF-8" },
			{ "{\u0000}", "line 1, column 2: expected a name in double quotes or '}' but found U+0000" },
			{ "}", "line 1, column 1: expected a value but found '}'" },
			{ "[", "line 1, column 2: unexpected end of input" },
			{ "[1,", "line 1, column 4: unexpected end of input" },
			{ "[1,\n]", "line 2, column 1: expected a value but found ']'" },
			{ "[,1]", "line 1, column 2: expected a value or ']' but found ','" },
			{ "[}", "line 1, column 2: expected a value or ']' but found '}'" },
			{ "[1}", "line 1, column 3: expected ',' or ']' but found '}'" },
			{ "[1 2]", "line 1, column 4: expected ',' or ']' but found '2'" },
			{ "[01]", "line 1, column 3: expected ',' or ']' but found '1'" },
			{ "[[]]]", "line 1, column 5: expected the end of input but found ']'" },
			{ "{\"a\":1]", "line 1, column 7: expected ',' or '}' but found ']'" },
			{ "{\"a\" 1}", "line 1, column 6: expected ':' but found '1'" },
			{ "{\"a\":}", "line 1, column 6: expected a value but found '}'" },
			{ "{\"a\":1,}", "line 1, column 8: expected a name in double quotes but found '}'" },
			{ "{'a':1}", "line 1, column 2: expected a name in double quotes or '}' but found \"'\"" },
			{ "{1:2}", "line 1, column 2: expected a name in double quotes or '}' but found '1'" },
			{ "{} \n  x", "line 2, column 3: expected the end of input but found 'x'" },
			{ "1\f", "line 1, column 2: expected the end of input but found U+000C" },
			{ "-", "line 1, column 2: unexpected end of input" },
			{ "-a", "line 1, column 2: expected a digit but found 'a'" },
			{ "+1", "line 1, column 1: expected a value but found '+'" },
			{ ".5", "line 1, column 1: expected a value but found '.'" },
			{ "[1.]", "line 1, column 4: expected a digit but found ']'" },
			{ "1e", "line 1, column 3: unexpected end of input" },
			{ "1e+\n", "line 1, column 4: expected a digit but found U+000A" },
			{ "NaN", "line 1, column 1: expected a value but found 'N'" },
			{ "truE", "line 1, column 4: expected 'e' of true but found 'E'" },
			{ "nul", "line 1, column 4: unexpected end of input" },
			{ "nulll", "line 1, column 5: expected the end of input but found 'l'" },
			{ "\"a", "line 1, column 3: unexpected end of input" },
			{ "\n\"a\nb\"", "line 2, column 3: expected no unescaped control character in a string but found U+000A" },
			{ "\"\u001F\"", "line 1, column 2: expected no unescaped control character in a string but found U+001F" },
			{ "\"\\x\"", "line 1, column 3: expected one of \"\\/bfnrtu after a backslash but found 'x'" },
			{ "\"\\", "line 1, column 3: unexpected end of input" },
			{ "\"\\u12g4\"", "line 1, column 6: expected a hexadecimal digit but found 'g'" },
			{ "\"\\u12", "line 1, column 6: unexpected end of input" },
			{ "\"\\u\u00B2\"", "line 1, column 4: invalid UTF-8" },
			{ "\u00C3\u00A9", "line 1, column 1: expected a value but found U+00E9" },
			{ "[\u00F0\u009F\u0098\u0080", "line 1, column 2: expected a value or ']' but found U+1F600" },
			{ "[\"\u00C3\u00A9\u00E2\u0082\u00AC\u00F0\u009F\u0098\u0080\" x",
					"line 1, column 8: expected ',' or ']' but found 'x'" },
			{ "[\"\u00C3\u00A9\",\n\"\u00C3\u00A9\";", "line 2, column 4: expected ',' or ']' but found ';'" },
			{ "\"\u0080\"", "line 1, column 2: invalid UTF-8" },
			{ "\"\u00C0\u0080\"", "line 1, column 2: invalid UTF-8" },
			{ "\"\u00C1\u00BF\"", "line 1, column 2: invalid UTF-8" },
			{ "\"\u00E0\u009F\u00BF\"", "line 1, column 2: invalid UTF-8" },
			{ "\"a\u00ED\u00A0\u0080\"", "line 1, column 3: invalid UTF-8" },
			{ "\"\u00ED\u00BF\u00BF\"", "line 1, column 2: invalid UTF-8" },
			{ "\"\u00F0\u008F\u00BF\u00BF\"", "line 1, column 2: invalid UTF-8" },
			{ "\"\u00F4\u0090\u0080\u0080\"", "line 1, column 2: invalid UTF-8" },
			{ "\"\u00F5\u0080\u0080\u0080\"", "line 1, column 2: invalid UTF-8" },
			{ "\"\u00C3\u00A9\u00FF\"", "line 1, column 3: invalid UTF-8" },
			{ "\"\u00C3\"", "line 1, column 2: invalid UTF-8" }, { "\"\u00C3", "line 1, column 2: invalid UTF-8" },
			{ "\"\u00E2\u0082", "line 1, column 2: invalid UTF-8" },
			{ "\"\u00F0\u009F\u0098", "line 1, column 2: invalid UTF-8" } };

	private static final Pattern PLACE = Pattern.compile("^line (\\d+), column (\\d+): ");

	@ParameterizedTest
	@FieldSource("DOCUMENTS")
	void namesThePlaceAndTheReason(String document, String verdict) throws IOException {
		assertThat(check(latin1(document))).isEqualTo(verdict);
	}

	@ParameterizedTest
	@FieldSource("DOCUMENTS")
	void doesNotCareHowTheBytesArrive(String document, String verdict) throws IOException {
		assertThat(check(join(document.chars().mapToObj(Character::toString)))).isEqualTo(verdict);
		for (int first = 1; first < document.length(); first++) {
			assertThat(check(join(Stream.of(document.substring(0, first), document.substring(first)))))
				.isEqualTo(verdict);
		}
	}

	@ParameterizedTest
	@FieldSource("DOCUMENTS")
	void doesNotCareWhereItsBufferEnds(String document, String verdict) throws IOException {
		for (int before = 0; before <= document.length(); before++) {
			String padded = "\n".repeat(BUFFER - before) + document;
			assertThat(check(latin1(padded))).isEqualTo(lower(verdict, BUFFER - before));
		}
	}

	@Test
	void namesByteOrderMarkAlsoWhereFilesWereJoined() throws IOException {
		assertThat(check(latin1("{}\n\u00EF\u00BB\u00BF{}")))
			.isEqualTo("line 2, column 1: byte order mark is not allowed");
	}

	@Test
	void carriesThePlaceAndTheReasonApart() {
		assertThatExceptionOfType(InvalidJsonException.class)
			.isThrownBy(() -> JsonCheck.check(new ByteArrayInputStream(latin1("[\n1, x"))))
			.satisfies((fault) -> {
				assertThat(fault.line()).isEqualTo(2);
				assertThat(fault.column()).isEqualTo(4);
				assertThat(fault.reason()).isEqualTo("expected a value but found 'x'");
			});
	}

	@Test
	void leavesTheFailureOfTheStreamAlone() throws IOException {
		InputStream closed = InputStream.nullInputStream();
		closed.close();
		assertThatIOException().isThrownBy(() -> JsonCheck.check(closed)).withMessage("Stream closed");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ' ', value = { "[ ]", "{\"\": }", "[{\"a\": }]", "{\"a\":[ ]}" })
	void nestsThousandDeepAndNoDeeper(String open, String close) throws IOException {
		int levels = close.length();
		String deepest = open.repeat(JsonCheck.MAX_DEPTH / levels) + "0" + close.repeat(JsonCheck.MAX_DEPTH / levels);
		assertThat(check(latin1(deepest))).isEqualTo(ACCEPTED);
		long column = (long) open.length() * JsonCheck.MAX_DEPTH / levels + 1;
		for (String bracket : new String[] { "[]", "{}" }) {
			assertThat(check(latin1(deepest.replace("0", bracket))))
				.isEqualTo("line 1, column " + column + ": nesting deeper than 1000");
		}
	}

	@Test
	void countsOnlyOpenBracketsAsNesting() throws IOException {
		assertThat(check(latin1("[" + "[{}],".repeat(2000) + "[[]]]"))).isEqualTo(ACCEPTED);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ' ', quoteCharacter = '`',
			value = { "[ 7 ]", "[0. 7 ]", "[1e 0 ]", "\" x \"", "\" \\n \"", "{\" n \":0}" })
	void takesTokensOfAnyLengthInBoundedMemory(String before, String repeated, String after) throws IOException {
		String mebibyte = repeated.repeat(1 << 20);
		Stream<String> pieces = Stream.of(before, mebibyte, mebibyte, mebibyte, after);
		long column = before.length() + 3L * mebibyte.length() + after.length() + 1;
		InputStream document = join(Stream.concat(pieces, Stream.of("\u0001")));
		var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
		long allocated = threads.getCurrentThreadAllocatedBytes();
		assertThat(check(document))
			.isEqualTo("line 1, column " + column + ": expected the end of input but found U+0001");
		assertThat(threads.getCurrentThreadAllocatedBytes() - allocated).isLessThan(1 << 20);
	}

	private static String lower(String verdict, int lines) {
		return PLACE.matcher(verdict)
			.replaceFirst((place) -> "line " + (Integer.parseInt(place.group(1)) + lines) + ", column $2: ");
	}

	static String check(byte[] document) throws IOException {
		return check(new ByteArrayInputStream(document));
	}

	static String check(InputStream in) throws IOException {
		try {
			JsonCheck.check(new Strict(in));
			return ACCEPTED;
		}
		catch (InvalidJsonException ex) {
			return Objects.requireNonNull(ex.getMessage());
		}
	}

	static byte[] latin1(String document) {
		return document.getBytes(StandardCharsets.ISO_8859_1);
	}

	private static InputStream join(Stream<String> pieces) {
		return new SequenceInputStream(
				Collections.enumeration(pieces.map((piece) -> new ByteArrayInputStream(latin1(piece))).toList()));
	}

	/**
	 * Fails when it is read past its end or closed.
	 */
	private static final class Strict extends FilterInputStream {

		private boolean ended;

		Strict(InputStream in) {
			super(in);
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			assertThat(this.ended).isFalse();
			int read = super.read(bytes, offset, length);
			this.ended = read < 0;
			return read;
		}

		@Override
		public void close() {
			throw new AssertionError("closed");
		}

	}

}
