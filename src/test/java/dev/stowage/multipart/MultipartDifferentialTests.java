package dev.stowage.multipart;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares the reader with its grammar, written as regular expressions. */
class MultipartDifferentialTests {

	private static final String BOUNDARY = "-b-b";

	private static final String HEADERS = "Content-Disposition: form-data; name=n\r\n\r\n";

	private static final Pattern DELIMITER = MultipartGrammar.delimiter(BOUNDARY);

	private static final String[] FRAGMENTS = { "\r", "\n", "-", "--", "\r\n", "\r\n--", "b", "-b", BOUNDARY,
			"\r\n--" + BOUNDARY, "--" + BOUNDARY, "x", " ", "\t", "\0", "\u00ff", "\r\n\r\n" };

	@Test
	void returnsRandomPartsAsTheyWereWritten() throws IOException {
		Random random = new Random(7578);
		for (int round = 0; round < 3000; round++) {
			List<String> contents = new ArrayList<>();
			StringBuilder body = new StringBuilder();
			for (int part = random.nextInt(5); part >= 0; part--) {
				String content = content(random, round);
				contents.add(content);
				body.append("--").append(BOUNDARY).append("\r\n").append(HEADERS).append(content).append("\r\n");
			}
			body.append("--").append(BOUNDARY).append("--\r\n").append(soup(random, 5));
			assertThat(ReceivedPart.readAll(SplitInputStream.random(body.toString(), round), BOUNDARY))
				.extracting(ReceivedPart::content)
				.isEqualTo(contents);
		}
	}

	@Test
	void readsAnyBytesAsTheGrammarSays() throws IOException {
		Random random = new Random(2046);
		MultipartGrammar grammar = new MultipartGrammar(BOUNDARY);
		int complete = 0;
		for (int round = 0; round < 20_000; round++) {
			StringBuilder body = new StringBuilder();
			for (int pieces = random.nextInt(6); pieces >= 0; pieces--) {
				body.append(soup(random, 12));
				String delimiter = "\r\n--" + BOUNDARY + " ".repeat(random.nextInt(2));
				body.append((pieces > 0) ? delimiter + "\r\n" + HEADERS : "\r\n--" + BOUNDARY + "--\r\n");
			}
			MultipartGrammar.Reading expected = grammar.read(body.toString());
			complete += expected.accepted() ? 1 : 0;
			assertThat(read(SplitInputStream.whole(body.toString()))).isEqualTo(expected);
			assertThat(read(SplitInputStream.random(body.toString(), round))).isEqualTo(expected);
			assertThat(read(SplitInputStream.byteByByte(body.toString()))).isEqualTo(expected);
		}
		assertThat(complete).isGreaterThan(5000);
	}

	private static String content(Random random, int round) {
		int fragments = (round % 50 == 0) ? 20_000 : 40;
		String content = soup(random, fragments);
		while (DELIMITER.matcher("\r\n" + content + "\r\n").find()) {
			content = DELIMITER.matcher("\r\n" + content + "\r\n").replaceAll("").strip();
		}
		return content;
	}

	private static String soup(Random random, int most) {
		StringBuilder soup = new StringBuilder();
		for (int i = random.nextInt(most); i > 0; i--) {
			soup.append(FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
		}
		return soup.toString();
	}

	private static MultipartGrammar.Reading read(InputStream body) throws IOException {
		List<ReceivedPart> parts = new ArrayList<>();
		MultipartReader reader = new MultipartReader(body, BOUNDARY);
		try {
			for (Optional<Part> part = reader.next(); part.isPresent(); part = reader.next()) {
				parts.add(ReceivedPart.of(part.get()));
			}
			return new MultipartGrammar.Reading(parts, true);
		}
		catch (MalformedMultipartException ex) {
			return new MultipartGrammar.Reading(parts, false);
		}
	}

}
