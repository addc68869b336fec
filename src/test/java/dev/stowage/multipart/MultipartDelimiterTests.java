package dev.stowage.multipart;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MultipartDelimiterTests {

	static final String BOUNDARY = "-b-=b-b";

	private static final String DELIMITER = "\r\n--" + BOUNDARY;

	private static final String OPEN = "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=a\r\n\r\n";

	private static final String CLOSE = DELIMITER + "--\r\n";

	@Test
	void keepsLookAlikesInEverySplit() throws IOException {
		for (String lookAlike : lookAlikes()) {
			String content = "x" + lookAlike + "y";
			String body = OPEN + content + CLOSE;
			for (int split = OPEN.length(); split < body.length(); split++) {
				assertContent(SplitInputStream.at(split, body), content);
			}
			assertContent(SplitInputStream.byteByByte(body), content);
		}
	}

	@Test
	void keepsLookAlikesAcrossEveryEdgeOfTheBuffer() throws IOException {
		// The scanner puts two bytes of its own before the body
		int edge = DelimiterScanner.BUFFER - 2 - OPEN.length();
		for (String lookAlike : lookAlikes()) {
			int first = edge - lookAlike.length() - 2;
			int step = (lookAlike.length() > Delimiter.MAX_PADDING) ? 7 : 1;
			for (int start = first; start <= edge + 2; start += step) {
				String content = "x".repeat(start) + lookAlike + "y";
				assertContent(SplitInputStream.whole(OPEN + content + CLOSE), content);
			}
		}
	}

	@Test
	void findsDelimiterAcrossEveryEdgeOfTheBuffer() throws IOException {
		int edge = DelimiterScanner.BUFFER - 2 - OPEN.length();
		String next = DELIMITER + " \t \r\n" + OPEN.substring(OPEN.indexOf("Content"));
		for (int size = edge - next.length() - 2; size <= edge + 2; size++) {
			String content = "x".repeat(size);
			String body = OPEN + content + next + "second" + CLOSE;
			assertThat(ReceivedPart.readAll(SplitInputStream.whole(body), BOUNDARY)).extracting(ReceivedPart::content)
				.containsExactly(content, "second");
			assertContent(SplitInputStream.whole(OPEN + content + CLOSE), content);
			assertContent(SplitInputStream.whole(OPEN + content + DELIMITER + "--"), content);
		}
	}

	@Test
	void keepsLookAlikesAtEitherEndOfContent() throws IOException {
		for (String lookAlike : lookAlikes()) {
			String body = OPEN + lookAlike + CLOSE;
			assertContent(SplitInputStream.whole(body), lookAlike);
			assertContent(SplitInputStream.byteByByte(body), lookAlike);
			if (lookAlike.startsWith("\r\n")) {
				// The CRLF of the blank line after the headers also begins the similar
				// text
				String rest = lookAlike.substring(2);
				assertContent(SplitInputStream.whole(OPEN + rest + CLOSE), rest);
				assertContent(SplitInputStream.byteByByte(OPEN + rest + CLOSE), rest);
			}
		}
	}

	@Test
	void takesPaddingUpToItsLimit() throws IOException {
		String most = " \t".repeat(Delimiter.MAX_PADDING / 2);
		String body = OPEN + "x" + DELIMITER + most + OPEN.substring(OPEN.indexOf('\r')) + "y" + DELIMITER + "--"
				+ most;
		for (InputStream in : List.of(SplitInputStream.whole(body), SplitInputStream.byteByByte(body))) {
			assertThat(ReceivedPart.readAll(in, BOUNDARY)).extracting(ReceivedPart::content).containsExactly("x", "y");
		}
		String content = DELIMITER + most + " " + DELIMITER + "--" + most + " \r\n";
		assertContent(SplitInputStream.byteByByte(OPEN + content + CLOSE), content);
	}

	@Test
	void findsDelimiterOfEveryLength() throws IOException {
		for (int length = 1; length <= 70; length++) {
			for (String boundary : List.of("-".repeat(length), "-".repeat(length - 1) + "x", "x".repeat(length))) {
				String content = ("\r\n--" + boundary.substring(1) + "\n-x\r").repeat(3);
				String body = "--" + boundary + "\r\nContent-Disposition: form-data; name=a\r\n\r\n" + content
						+ "\r\n--" + boundary + "--";
				assertThat(ReceivedPart.readAll(SplitInputStream.random(body, length), boundary))
					.extracting(ReceivedPart::content)
					.containsExactly(content);
			}
		}
	}

	/**
	 * Everything that resembles a delimiter but is none: each proper prefix of it, each
	 * change of one byte, and each wrong thing after it.
	 */
	static List<String> lookAlikes() {
		List<String> lookAlikes = new ArrayList<>();
		for (int length = 1; length < DELIMITER.length(); length++) {
			String prefix = DELIMITER.substring(0, length);
			lookAlikes.addAll(List.of(prefix, prefix + "\r", prefix + "\r\n", prefix + DELIMITER + "x"));
			lookAlikes.add(prefix + (char) (DELIMITER.charAt(length) ^ 1) + DELIMITER.substring(length + 1) + "\r\n");
		}
		for (String after : List.of("x", "-", "-x", "--x", "--", "---", " x", "\t-", "- -", "-- x", "-- -", "\r", "\rx",
				"\r\r\n", "--\r", "--\rx", "-\r\n", " --\r\n", "\0", "\u00ff", "-\n")) {
			lookAlikes.add(DELIMITER + after + "z");
			lookAlikes.add(DELIMITER + after + "z" + DELIMITER + "z");
		}
		lookAlikes.add(DELIMITER + " ".repeat(Delimiter.MAX_PADDING + 1) + "\r\n");
		lookAlikes.add(DELIMITER + "--" + "\t".repeat(Delimiter.MAX_PADDING + 1) + "\r\n");
		lookAlikes.add("\n--" + BOUNDARY + "--\n");
		lookAlikes.add("\r--" + BOUNDARY + "--\r");
		return lookAlikes;
	}

	private static void assertContent(InputStream body, String content) throws IOException {
		assertThat(ReceivedPart.readAll(body, BOUNDARY)).extracting(ReceivedPart::content).containsExactly(content);
	}

}
