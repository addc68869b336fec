package dev.stowage.multipart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds for any bytes that reach the multipart reader. Jazzer generates them:
 * {@code mvn -Pfuzz test-compile exec:exec@multipart}.
 * <p>
 * The first byte seeds the splits. The second, from 128 on, says how many bytes of the
 * body are before the edge of the first buffer. A line with the Content-Type follows, and
 * then the body.
 */
final class MultipartFuzz {

	private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9._-]*");

	private final byte[] body;

	private final String boundary;

	private final int prefix;

	private final Random random;

	private MultipartFuzz(byte[] body, String boundary, int prefix, Random random) {
		this.body = body;
		this.boundary = boundary;
		this.prefix = prefix;
		this.random = random;
	}

	public static void fuzzerTestOneInput(byte[] data) throws IOException {
		if (data.length < 2) {
			return;
		}
		String text = new String(data, 2, data.length - 2, StandardCharsets.ISO_8859_1);
		int line = Math.max(text.indexOf('\n'), 0);
		String boundary;
		try {
			boundary = MultipartReader.boundary(text.substring(0, line));
		}
		catch (MalformedMultipartException ex) {
			return;
		}
		String prefix = prefix(boundary, data[1] & 0xff);
		byte[] body = (prefix + text.substring(line + 1)).getBytes(StandardCharsets.ISO_8859_1);
		new MultipartFuzz(body, boundary, prefix.length(), new Random(data[0])).check();
	}

	private static String prefix(String boundary, int edge) {
		if (edge < 128) {
			return "";
		}
		String open = "--" + boundary + "\r\nContent-Disposition: form-data; name=a\r\n\r\n";
		return open + "x".repeat(DelimiterScanner.BUFFER - 2 - open.length() - (edge - 128));
	}

	private void check() throws IOException {
		Outcome whole = outcome(stream(() -> Integer.MAX_VALUE), this::readAtOnce);
		SplitInputStream byteByByte = stream(() -> 1);
		assertThat(outcome(byteByByte, this::readSingly)).isEqualTo(whole);
		int most = 1 + this.random.nextInt(40);
		assertThat(outcome(stream(() -> this.random.nextInt(most + 1)), this::readMixed)).isEqualTo(whole);
		Outcome unread = outcome(stream(() -> 1 + this.random.nextInt(most)), (part) -> "");
		assertThat(unread.refusal()).isEqualTo(whole.refusal());
		// An unread part counts before its end has arrived
		assertThat(unread.parts().size() - whole.parts().size()).isBetween(0, whole.accepted() ? 0 : 1);
		checkGrammar(whole);
		if (whole.accepted()) {
			checkEnd(this.body.length - byteByByte.unread(), whole);
			checkOtherParser(whole);
		}
	}

	private void checkGrammar(Outcome whole) {
		String text = latin1(this.body);
		assertThat(new MultipartGrammar(this.boundary).read(text))
			.isEqualTo(new MultipartGrammar.Reading(whole.parts(), whole.accepted()));
	}

	/**
	 * Only the bytes read from the stream matter, to the last one.
	 */
	private void checkEnd(int consumed, Outcome whole) throws IOException {
		InputStream read = new SplitInputStream(Arrays.copyOf(this.body, consumed), () -> Integer.MAX_VALUE);
		assertThat(outcome(read, this::readAtOnce)).isEqualTo(whole);
		if (this.body[consumed - 1] == '\n') {
			InputStream less = new SplitInputStream(Arrays.copyOf(this.body, consumed - 1), () -> Integer.MAX_VALUE);
			assertThat(outcome(less, this::readAtOnce).accepted()).isFalse();
		}
	}

	private void checkOtherParser(Outcome whole) {
		String text = latin1(this.body);
		if (!isReadAlike(text)) {
			return;
		}
		List<ReceivedPart> others;
		try {
			others = FileUploadParser.readAll(new SplitInputStream(this.body, () -> Integer.MAX_VALUE),
					"multipart/form-data; boundary=\"" + this.boundary + "\"");
		}
		catch (IOException | RuntimeException ex) {
			return;
		}
		assertThat(others).extracting(ReceivedPart::content)
			.isEqualTo(whole.parts().stream().map(ReceivedPart::content).toList());
		for (int i = 0; i < others.size(); i++) {
			ReceivedPart part = whole.parts().get(i);
			if (PLAIN_NAME.matcher(part.name()).matches() && !text.contains("=?")) {
				assertThat(others.get(i).name()).isEqualTo(part.name());
			}
		}
	}

	/**
	 * FileUpload sees a delimiter in every "--boundary" of a preamble and after every
	 * CRLF, which closes if anything follows two dashes, and none right after the
	 * headers. It also splits multipart/mixed.
	 */
	private boolean isReadAlike(String text) {
		String line = "--" + this.boundary;
		for (int at = text.indexOf(line); at >= 0; at = text.indexOf(line, at + 1)) {
			boolean begins = at == 0 || (text.startsWith("\r\n", at - 2) && !text.startsWith("\r\n\r\n", at - 4));
			String after = text.substring(at + line.length());
			if (!begins || !(after.startsWith("\r\n") || after.startsWith("--\r\n") || after.equals("--"))) {
				return false;
			}
		}
		return !Pattern.compile("multipart/", Pattern.CASE_INSENSITIVE).matcher(text).find();
	}

	private SplitInputStream stream(IntSupplier sizes) {
		int[] first = { this.prefix };
		return new SplitInputStream(this.body, () -> {
			int size = (first[0] > 0) ? first[0] : sizes.getAsInt();
			first[0] = 0;
			return size;
		});
	}

	private Outcome outcome(InputStream in, PartReading reading) throws IOException {
		List<ReceivedPart> parts = new ArrayList<>();
		String refusal = "";
		MultipartReader reader = new MultipartReader(in, this.boundary);
		try {
			for (Optional<Part> next = reader.next(); next.isPresent(); next = reader.next()) {
				Part part = next.get();
				parts.add(new ReceivedPart(part.name(), part.fileName(), reading.read(part.body())));
			}
			assertThat(reader.next()).isEmpty();
		}
		catch (MalformedMultipartException ex) {
			refusal = String.valueOf(ex.getMessage());
			assertThat(refusal).isNotEmpty();
		}
		if (in instanceof SplitInputStream split) {
			assertThat(split.ends()).isLessThanOrEqualTo(1);
			assertThat(split.largestRequest()).isLessThanOrEqualTo(DelimiterScanner.BUFFER);
		}
		return new Outcome(parts, refusal);
	}

	private String readAtOnce(InputStream part) throws IOException {
		return latin1(part.readAllBytes());
	}

	private String readSingly(InputStream part) throws IOException {
		// The prefix arrives in one piece, so it is not worth the time
		StringBuilder content = new StringBuilder(latin1(part.readNBytes(part.available())));
		for (int read = part.read(); read >= 0; read = part.read()) {
			content.append((char) read);
		}
		return content.toString();
	}

	private String readMixed(InputStream part) throws IOException {
		StringBuilder content = new StringBuilder();
		while (true) {
			int known = part.available();
			byte[] bytes = new byte[(known > 0) ? known : 1 + this.random.nextInt(9)];
			int count = part.read(bytes);
			if (count < 0) {
				return content.toString();
			}
			assertThat(count).isBetween(Math.max(known, 1), bytes.length);
			content.append(latin1(Arrays.copyOf(bytes, count)));
		}
	}

	private static String latin1(byte[] bytes) {
		return new String(bytes, StandardCharsets.ISO_8859_1);
	}

	private interface PartReading {

		String read(InputStream part) throws IOException;

	}

	private record Outcome(List<ReceivedPart> parts, String refusal) {

		boolean accepted() {
			return this.refusal.isEmpty();
		}

	}

}
