package dev.stowage.multipart;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares random well-formed forms with what was written, and with Commons FileUpload.
 * <p>
 * Omits what FileUpload is known to read differently: it refuses data that looks like a
 * delimiter but is none, or ends the form there; it finds the boundary in the middle of a
 * preamble's line; it needs the CRLF of an empty part; it takes padding after a boundary
 * for an error; it trims names, keeps %22 and backslashes, and decodes the encoded words
 * of e-mail.
 */
class MultipartOracleTests {

	private static final String BOUNDARY_CHARACTERS = "--==__'()+,./:?09azAZ ";

	private static final String[] NAMES = { "a", "Z", "7", "-", "_", ".", "a b", ";", "=", ",", "; name=x", "[", "]",
			"'", "*", "%", "%2", "%2f", "/", "C:\\d", "é", "日本", "😀", "x: y" };

	private Random random = new Random(0);

	private String boundary = "";

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4 })
	void readsWellFormedFormsAsCommonsFileUploadDoes(long seed) throws IOException {
		this.random = new Random(seed);
		for (int round = 0; round < 750; round++) {
			String contentType = contentType();
			List<ReceivedPart> parts = new ArrayList<>();
			String form = form(parts);
			assertThat(MultipartReader.boundary(contentType)).isEqualTo(this.boundary);
			assertThat(FileUploadParser.readAll(SplitInputStream.whole(form), contentType)).isEqualTo(parts);
			assertThat(ReceivedPart.readAll(SplitInputStream.whole(form), this.boundary)).isEqualTo(parts);
			assertThat(ReceivedPart.readAll(SplitInputStream.random(form, round), this.boundary)).isEqualTo(parts);
		}
	}

	private String contentType() {
		StringBuilder drawn = new StringBuilder();
		int length = 1 + this.random.nextInt(70);
		while (drawn.length() < length || drawn.charAt(drawn.length() - 1) == ' ') {
			drawn.append(BOUNDARY_CHARACTERS.charAt(this.random.nextInt(BOUNDARY_CHARACTERS.length())));
			if (drawn.length() > 70) {
				drawn.setLength(0);
			}
		}
		this.boundary = drawn.toString().replace("=?", "=_").stripLeading();
		boolean token = this.boundary.matches("[-=_0-9A-Za-z'+.]+") && this.random.nextBoolean();
		String parameter = token ? this.boundary : "\"" + this.boundary + "\"";
		return oneOf("multipart/form-data; boundary=", "multipart/form-data;charset=utf-8;Boundary=") + parameter;
	}

	private String form(List<ReceivedPart> parts) {
		String delimiter = "\r\n--" + this.boundary;
		String preamble = without("--" + this.boundary, soup(8));
		StringBuilder form = new StringBuilder(this.random.nextBoolean() ? "" : preamble + "\r\n");
		form.append(delimiter, 2, delimiter.length());
		for (int count = this.random.nextInt(6); count >= 0; count--) {
			String content = without(delimiter, soup((this.random.nextInt(100) == 0) ? 20_000 : 60));
			while (content.startsWith("--" + this.boundary)) {
				content = content.substring(1);
			}
			String name = name();
			Optional<String> fileName = this.random.nextBoolean() ? Optional.empty() : Optional.of(name());
			parts.add(new ReceivedPart(name, fileName, content));
			form.append("\r\n").append(headers(name, fileName)).append("\r\n").append(content).append(delimiter);
		}
		return form.append("--").append(this.random.nextBoolean() ? "" : "\r\n" + soup(8)).toString();
	}

	private String headers(String name, Optional<String> fileName) {
		StringBuilder disposition = new StringBuilder(
				oneOf("Content-Disposition", "content-disposition") + oneOf(": ", ":", ":\t") + "form-data");
		disposition.append(parameter("name", name));
		fileName.ifPresent((given) -> disposition.append(fileNameParameters(given)));
		String other = oneOf("", "Content-Type: text/plain; charset=\"a;b\"\r\n", "Content-Length: 3\r\nX-Any:\r\n",
				"Content-Transfer-Encoding: binary\r\n");
		boolean first = this.random.nextBoolean();
		String headers = (first ? other : "") + disposition + "\r\n" + (first ? "" : other);
		return latin1(headers);
	}

	private String parameter(String parameter, String value) {
		boolean token = value.matches("[A-Za-z0-9._-]+") && this.random.nextBoolean();
		return oneOf("; ", ";", ";\r\n ") + parameter + "=" + (token ? value : '"' + value + '"');
	}

	private String fileNameParameters(String fileName) {
		String encoded = "; filename*=" + oneOf("UTF-8''", "utf-8'en'")
				+ URLEncoder.encode(fileName, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
		return switch (this.random.nextInt(3)) {
			case 0 -> encoded;
			case 1 -> parameter("filename", "plain") + encoded;
			default -> parameter("filename", fileName);
		};
	}

	private String name() {
		StringBuilder name = new StringBuilder();
		for (int i = this.random.nextInt(6); i >= 0; i--) {
			name.append(oneOf(NAMES));
		}
		return name.toString().replace("=?", "_").replace("%22", "_");
	}

	private String soup(int most) {
		String delimiter = "\r\n--" + this.boundary;
		StringBuilder soup = new StringBuilder();
		for (int i = this.random.nextInt(most); i > 0; i--) {
			int cut = this.random.nextInt(delimiter.length());
			soup.append(oneOf("\r", "\n", "-", "--", "\r\n", "\r\n--", "x", "\0", "\u00ff", " ", "\r\n\r\n",
					delimiter.substring(0, cut), delimiter.substring(cut), "--" + this.boundary + "--",
					delimiter.substring(0, cut) + (char) (delimiter.charAt(cut) ^ 1) + delimiter.substring(cut + 1)));
		}
		return soup.toString();
	}

	private static String without(String delimiter, String text) {
		String rest = text;
		while (rest.contains(delimiter)) {
			rest = rest.replace(delimiter, "");
		}
		return rest;
	}

	private String oneOf(String... choices) {
		return choices[this.random.nextInt(choices.length)];
	}

	private static String latin1(String text) {
		return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
	}

}
