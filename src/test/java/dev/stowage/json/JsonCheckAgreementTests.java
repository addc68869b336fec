package dev.stowage.json;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares {@link JsonCheck} with the decoder of the JDK, with Jackson and with itself.
 */
class JsonCheckAgreementTests {

	private static final String ALPHABET = "{}[]:,\"\\/\u0000\n\t 019.eE+-truefalsn'x\u0080\u00BF\u00C0\u00C3\u00A9\u00E2\u00ED\u00EF\u00F4\u00FF";

	private static final Pattern PLACE = Pattern.compile("^line (\\d+), column (\\d+): ");

	private static final JsonFactory JACKSON = JsonFactory.builder()
		.streamReadConstraints(StreamReadConstraints.builder()
			.maxNestingDepth(JsonCheck.MAX_DEPTH)
			.maxNumberLength(Integer.MAX_VALUE)
			.maxNameLength(Integer.MAX_VALUE)
			.build())
		.build();

	@Test
	void agreesWithTheDecoderOfTheJdkOnEverySequenceAtTheEdges() throws IOException {
		int[] seconds = { 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF };
		int[] others = { 0x41, 0x7F, 0x80, 0xBF, 0xC0 };
		for (int first = 0x80; first <= 0xFF; first++) {
			for (int second : seconds) {
				for (int third : others) {
					for (int fourth : others) {
						byte[] bytes = { '"', (byte) first, (byte) second, (byte) third, (byte) fourth, '"' };
						assertThat(JsonCheckTests.check(bytes)).isEqualTo(decode(bytes, CharBuffer.allocate(6)));
					}
				}
			}
		}
	}

	@ParameterizedTest
	@FieldSource("dev.stowage.json.JsonCheckTests#DOCUMENTS")
	void findsTheFirstFaultAndNoEarlierOne(String document, String verdict) throws IOException {
		assertNothingWrongBeforeTheFault(JsonCheckTests.latin1(document), verdict);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void agreesWithJacksonOnMutatedDocuments(long seed) throws IOException {
		Random random = new Random(seed);
		int accepted = 0;
		for (int i = 0; i < 20_000; i++) {
			byte[] document = mutate(
					JsonCheckTests.latin1(JsonCheckTests.DOCUMENTS[random.nextInt(JsonCheckTests.DOCUMENTS.length)][0]),
					random);
			String verdict = JsonCheckTests.check(document);
			boolean valid = isValid(document);
			assertThat(verdict.equals(JsonCheckTests.ACCEPTED))
				.as("%s of %s", verdict, new String(document, StandardCharsets.ISO_8859_1))
				.isEqualTo(valid);
			assertNothingWrongBeforeTheFault(document, verdict);
			accepted += valid ? 1 : 0;
		}
		assertThat(accepted).isBetween(500, 19_500);
	}

	/**
	 * Jackson skips a byte order mark, guesses UTF-16 and UTF-32 and is lax on UTF-8, so
	 * the JDK judges the bytes and Jackson the characters.
	 */
	static boolean isValid(byte[] document) {
		CharBuffer text = CharBuffer.allocate(document.length);
		return decode(document, text).equals(JsonCheckTests.ACCEPTED) && jacksonAccepts(text.flip().toString());
	}

	private static boolean jacksonAccepts(String document) {
		int values = 0;
		try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), document)) {
			while (parser.nextToken() != null) {
				boolean whole = parser.currentToken().isScalarValue() || parser.currentToken().isStructEnd();
				values += (whole && parser.streamReadContext().inRoot()) ? 1 : 0;
			}
		}
		catch (JacksonException ex) {
			return false;
		}
		return values == 1;
	}

	/**
	 * The text before the invalid character must be complete or merely unfinished.
	 */
	static void assertNothingWrongBeforeTheFault(byte[] document, String verdict) throws IOException {
		Matcher place = PLACE.matcher(verdict);
		if (place.find()) {
			int at = 0;
			for (int line = 1; line < Integer.parseInt(place.group(1)); at++) {
				line += (document[at] == '\n') ? 1 : 0;
			}
			for (int column = 1; column < Integer.parseInt(place.group(2)); column++) {
				at += Math.max(1, Integer.numberOfLeadingZeros(~document[at] << 24));
			}
			assertThat(at).isLessThanOrEqualTo(document.length);
			assertThat(JsonCheckTests.check(Arrays.copyOf(document, at))).as(verdict)
				.isIn(JsonCheckTests.ACCEPTED, place.group() + "unexpected end of input", place.group() + "no value");
		}
	}

	private static byte[] mutate(byte[] document, Random random) {
		byte[] mutated = document;
		for (int i = random.nextInt(3); i >= 0; i--) {
			int at = random.nextInt(mutated.length + 1);
			int resumed = Math.min(mutated.length, at + random.nextInt(3));
			int inserted = random.nextInt(3);
			byte[] next = Arrays.copyOf(mutated, at + inserted + mutated.length - resumed);
			for (int j = 0; j < inserted; j++) {
				next[at + j] = (byte) ALPHABET.charAt(random.nextInt(ALPHABET.length()));
			}
			System.arraycopy(mutated, resumed, next, at + inserted, mutated.length - resumed);
			mutated = next;
		}
		return mutated;
	}

	private static String decode(byte[] bytes, CharBuffer text) {
		CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), text, true);
		String decoded = text.duplicate().flip().toString();
		return result.isError()
				? "line 1, column " + (decoded.codePointCount(0, decoded.length()) + 1) + ": invalid UTF-8"
				: JsonCheckTests.ACCEPTED;
	}

}
