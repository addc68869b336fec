package dev.stowage.multipart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MultipartReaderTests {

	private static final String HEADERS = "Content-Disposition: form-data; name=\"a\"\r\n\r\n";

	private static final String OPEN = "--b\r\n" + HEADERS;

	private static final String CLOSE = "\r\n--b--\r\n";

	private static final String ENDED = "The multipart body ended before its closing boundary";

	private static final String BARE_LF = "must end in CRLF";

	@Test
	void readsPartsInTheirOrder() throws IOException {
		String body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x/y.txt\"\r\n"
				+ "Content-Length: 3\r\n\r\nabc\r\n--b\r\nContent-Disposition: form-data; name=purpose\r\n\r\n\r\nbatch\r\n"
				+ CLOSE;
		assertThat(ReceivedPart.readAll(SplitInputStream.whole(body), "b")).containsExactly(
				new ReceivedPart("file", Optional.of("x/y.txt"), "abc"),
				new ReceivedPart("purpose", Optional.empty(), "\r\nbatch\r\n"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "--b--", "--b--\r\n", "--b-- \t\r\n", "--b-- ", "--b--\r\nepilogue\n--b\r\n",
			"preamble\r\n--b--", "\r\n--b--", "--bx\r\n--b--" })
	void readsBodyWithoutParts(String body) throws IOException {
		assertThat(ReceivedPart.readAll(SplitInputStream.byteByByte(body), "b")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\r\n" })
	void readsEmptyBodyWithOrWithoutCrlfOfItsOwn(String crlf) throws IOException {
		String body = "--b\r\n" + HEADERS + crlf + "--b\r\n" + HEADERS + crlf + "--b--";
		ReceivedPart empty = new ReceivedPart("a", Optional.empty(), "");
		assertThat(ReceivedPart.readAll(SplitInputStream.whole(body), "b")).containsExactly(empty, empty);
		assertThat(ReceivedPart.readAll(SplitInputStream.byteByByte(body), "b")).containsExactly(empty, empty);
	}

	@Test
	void skipsWhatIsUnreadOfPreviousPart() throws IOException {
		MultipartReader reader = reader(OPEN + "0123456789\r\n" + OPEN + "next" + CLOSE);
		assertThat(reader.next().orElseThrow().body().readNBytes(3)).asString().isEqualTo("012");
		assertThat(reader.next().orElseThrow().text()).isEqualTo("next");
		assertThat(reader.next()).isEmpty();
		assertThat(reader.next()).isEmpty();
	}

	@Test
	void refusesToReadPartThatItHasLeft() throws IOException {
		MultipartReader reader = reader(OPEN + "one\r\n" + OPEN + "two" + CLOSE);
		InputStream left = reader.next().orElseThrow().body();
		Part two = reader.next().orElseThrow();
		assertThatThrownBy(left::read).isInstanceOf(IOException.class);
		assertThatThrownBy(left::available).isInstanceOf(IOException.class);
		assertThat(two.text()).isEqualTo("two");
	}

	@Test
	void doesNotReadEpilogue() throws IOException {
		SplitInputStream body = SplitInputStream.byteByByte(OPEN + "x" + CLOSE + "epilogue");
		assertThat(ReceivedPart.readAll(body, "b")).hasSize(1);
		assertThat(body.unread()).isEqualTo("epilogue".length());
	}

	@ParameterizedTest
	@ValueSource(strings = { "--b--", "--b-- \r\n", "--b--\r\nepilogue\r\n--b\r\n", OPEN + "x" + CLOSE + "epilogue" })
	void readsEpilogueWhenItIsAskedTo(String text) throws IOException {
		for (SplitInputStream body : List.of(SplitInputStream.byteByByte(text), SplitInputStream.whole(text))) {
			MultipartReader reader = new MultipartReader(body, "b");
			while (reader.next().isPresent()) {
				// skipped
			}
			reader.skipEpilogue();
			assertThat(body.unread()).isZero();
			reader.skipEpilogue();
			assertThat(reader.next()).isEmpty();
		}
	}

	@Test
	void refusesEpilogueOneByteOverItsLimit() throws IOException {
		String most = OPEN + "x" + CLOSE + "e".repeat(MultipartReader.MAX_EPILOGUE_SIZE - 2);
		for (SplitInputStream body : List.of(SplitInputStream.whole(most), SplitInputStream.byteByByte(most))) {
			readToEnd(body);
		}
		for (SplitInputStream body : List.of(SplitInputStream.whole(most + "e"),
				SplitInputStream.byteByByte(most + "e"))) {
			assertThatThrownBy(() -> readToEnd(body)).isInstanceOf(MalformedMultipartException.class)
				.hasMessageContaining("65536 bytes");
		}
	}

	private static void readToEnd(InputStream body) throws IOException {
		MultipartReader reader = new MultipartReader(body, "b");
		while (reader.next().isPresent()) {
			// skipped
		}
		reader.skipEpilogue();
	}

	@Test
	void refusesSixtyFifthPart() throws IOException {
		String part = OPEN + "x\r\n";
		String most = part.repeat(MultipartReader.MAX_PARTS);
		assertThat(ReceivedPart.readAll(SplitInputStream.whole(most + "--b--"), "b")).hasSize(64);
		assertRefused(most + part + "--b--").hasMessageContaining("64 parts");
	}

	@Test
	void refusesHeadersOneByteOverTheirLimit() throws IOException {
		String disposition = "Content-Disposition: form-data; name=a\r\nX: ";
		String rest = "x".repeat(MultipartReader.MAX_HEADERS_SIZE - disposition.length() - 2);
		assertThat(read("--b\r\n" + disposition + rest + "\r\n\r\nx" + CLOSE)).isEqualTo("x");
		assertRefused("--b\r\n" + disposition + rest + "x\r\n\r\nx" + CLOSE).hasMessageContaining("8192 bytes");
		assertRefused("--b\r\n" + disposition + rest + "xx\r\n").hasMessageContaining("8192 bytes");
	}

	@Test
	void refusesPreambleOneByteOverItsLimit() throws IOException {
		String preamble = "p".repeat(MultipartReader.MAX_PREAMBLE_SIZE);
		assertThat(read(preamble + "\r\n" + OPEN + "x" + CLOSE)).isEqualTo("x");
		assertRefused(preamble + "p\r\n" + OPEN + "x" + CLOSE).hasMessageContaining("65536 bytes");
	}

	@Test
	void readsLargestFormWithinItsOverhead() throws IOException {
		String boundary = "b".repeat(70);
		String padding = " ".repeat(Delimiter.MAX_PADDING);
		String disposition = "Content-Disposition: form-data; name=a\r\nX: ";
		String headers = disposition + "x".repeat(MultipartReader.MAX_HEADERS_SIZE - disposition.length() - 2);
		String part = "\r\n--" + boundary + padding + "\r\n" + headers + "\r\n\r\n" + "t".repeat(Part.MAX_FIELD_SIZE);
		String body = "p".repeat(MultipartReader.MAX_PREAMBLE_SIZE) + part.repeat(MultipartReader.MAX_PARTS) + "\r\n--"
				+ boundary + "--" + padding + "\r\n";
		assertThat(ReceivedPart.readAll(SplitInputStream.whole(body), boundary)).hasSize(MultipartReader.MAX_PARTS)
			.allMatch((received) -> received.content().length() == Part.MAX_FIELD_SIZE);
		assertThat((long) body.length()).isLessThanOrEqualTo(MultipartReader.MAX_OVERHEAD);
	}

	@Test
	void refusesTextOneByteOverItsLimit() throws IOException {
		String text = "t".repeat(Part.MAX_FIELD_SIZE);
		assertThat(reader(OPEN + text + CLOSE).next().orElseThrow().text()).isEqualTo(text);
		Part large = reader(OPEN + text + "t" + CLOSE).next().orElseThrow();
		assertThatThrownBy(large::text).isInstanceOf(MalformedMultipartException.class)
			.hasMessageContaining("'a'")
			.hasMessageContaining("65536 bytes");
	}

	@Test
	void namesFieldInMessageShortAndPrintable() throws IOException {
		String name = "%0D%0A\u0001\u007f" + "n".repeat(50);
		String body = "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n\u00ff" + CLOSE;
		Part part = reader(body).next().orElseThrow();
		assertThatThrownBy(part::text).isInstanceOf(MalformedMultipartException.class)
			.hasMessage("The field '????" + "n".repeat(36) + "...' is not valid UTF-8. Send text fields as UTF-8.");
	}

	@Test
	void readsTextAsUtf8() throws IOException {
		String text = new String("naïve 日本😀".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
		assertThat(reader(OPEN + text + CLOSE).next().orElseThrow().text()).isEqualTo("naïve 日本😀");
	}

	@Test
	void refusesBodyThatEndsAnywhereBeforeItsClosingBoundary() {
		String body = OPEN + "data\r\n" + OPEN + "more\r\n--b--";
		for (int end = 0; end < body.length(); end++) {
			assertRefused(body.substring(0, end)).hasMessageStartingWith(ENDED);
		}
	}

	@Test
	void refusesEndOfBodyFromWhicheverReadMeetsIt() throws IOException {
		InputStream body = reader(OPEN + "data\r\n--b").next().orElseThrow().body();
		assertThat(body.readNBytes(4)).asString().isEqualTo("data");
		assertThatThrownBy(body::read).hasMessageStartingWith(ENDED);
		assertThatThrownBy(() -> body.read(new byte[8])).hasMessageStartingWith(ENDED);
		assertThatThrownBy(() -> body.skip(1)).hasMessageStartingWith(ENDED);
		MultipartReader reader = reader(OPEN + "data");
		reader.next();
		assertThatThrownBy(reader::next).hasMessageStartingWith(ENDED);
	}

	@Test
	void staysRefusedOnceItHasRefused() throws IOException {
		MultipartReader reader = reader("--b\r\nnonsense\r\n\r\n" + OPEN + "x" + CLOSE);
		assertThatThrownBy(reader::next).isInstanceOf(MalformedMultipartException.class);
		assertThatThrownBy(reader::next).isInstanceOf(IOException.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "--b\nContent-Disposition: form-data; name=a\n\nx\n--b--\n",
			"--b \nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b--",
			"--b\r\nContent-Disposition: form-data; name=a\n\r\nx\r\n--b--",
			"--b\r\nContent-Disposition: form-data; name=a\r\n\nx\r\n--b--", "--b\r\n\nx\r\n--b--",
			OPEN + "x\r\n--b\n" + HEADERS + CLOSE, OPEN + "x\r\n--b--\n" })
	void refusesLinesThatEndInLfAlone(String body) {
		assertRefused(body).hasMessageContaining(BARE_LF);
	}

	@Test
	void refusesPartWithoutHeaders() {
		assertRefused("--b\r\n\r\nx" + CLOSE).hasMessageContaining("Content-Disposition");
		assertRefused("--b\r\n--b--\r\n\r\n").hasMessageContaining("not a header");
	}

	private static String read(String body) throws IOException {
		return ReceivedPart.readAll(SplitInputStream.whole(body), "b").getFirst().content();
	}

	private static MultipartReader reader(String body) {
		return new MultipartReader(SplitInputStream.whole(body), "b");
	}

	private static AbstractThrowableAssert<?, ?> assertRefused(String body) {
		assertThatThrownBy(() -> ReceivedPart.readAll(SplitInputStream.byteByByte(body), "b"))
			.isInstanceOf(MalformedMultipartException.class);
		return assertThatThrownBy(() -> ReceivedPart.readAll(SplitInputStream.whole(body), "b"))
			.isInstanceOf(MalformedMultipartException.class);
	}

}
