package dev.stowage.multipart;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** Replays recorded requests of real clients. */
class MultipartReaderWireTests {

	private static final JsonNode INDEX = JsonMapper.shared().readTree(resource("index.json"));

	static Stream<String> requests() {
		return INDEX.propertyNames().stream();
	}

	@ParameterizedTest
	@MethodSource("requests")
	void readsRequestOfRealClientInEverySplit(String name) throws Exception {
		String request = new String(resource(name + ".req"), StandardCharsets.ISO_8859_1);
		int headEnd = request.indexOf("\r\n\r\n") + 4;
		Map<String, String> head = head(request.substring(0, headEnd));
		String body = request.substring(headEnd);
		if ("chunked".equals(head.get("transfer-encoding"))) {
			body = dechunked(body);
		}
		assertThat(head.containsKey("transfer-encoding") ? "chunked" : "content-length")
			.isEqualTo(INDEX.get(name).get("framing").asString());
		String boundary = MultipartReader.boundary(head.get("content-type"));
		assertRead(SplitInputStream.whole(body), boundary, INDEX.get(name));
		assertRead(SplitInputStream.byteByByte(body), boundary, INDEX.get(name));
		for (int seed = 0; seed < 50; seed++) {
			assertRead(SplitInputStream.random(body, seed), boundary, INDEX.get(name));
		}
	}

	private static void assertRead(InputStream body, String boundary, JsonNode expected) throws Exception {
		JsonNode file = expected.get("file");
		Map<String, String> fields = new HashMap<>();
		int files = 0;
		MultipartReader reader = new MultipartReader(body, boundary);
		for (Optional<Part> next = reader.next(); next.isPresent(); next = reader.next()) {
			Part part = next.get();
			if (!file.isNull() && part.name().equals(file.get("field").asString())) {
				assertFile(part, file);
				files++;
			}
			else {
				assertThat(part.fileName()).isEmpty();
				fields.put(part.name(), part.text());
			}
		}
		Map<String, String> expectedFields = new HashMap<>();
		expected.get("fields")
			.properties()
			.forEach((field) -> expectedFields.put(field.getKey(), field.getValue().asString()));
		assertThat(fields).isEqualTo(expectedFields);
		assertThat(files).isEqualTo(file.isNull() ? 0 : 1);
	}

	private static void assertFile(Part part, JsonNode file) throws IOException, GeneralSecurityException {
		Optional<String> fileName = Optional.of(file.get("filename_raw"))
			.filter((raw) -> !raw.isNull())
			.map((raw) -> raw.asString()
				.replace("\\\\", "\\")
				.replace("%22", "\"")
				.replace("%0D", "\r")
				.replace("%0A", "\n"));
		byte[] bytes = part.body().readAllBytes();
		assertThat(part.fileName()).isEqualTo(fileName);
		assertThat(bytes).hasSize(file.get("bytes").asInt());
		assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)))
			.isEqualTo(file.get("sha256").asString());
	}

	private static Map<String, String> head(String head) {
		Map<String, String> headers = new HashMap<>();
		head.lines().skip(1).filter((line) -> !line.isEmpty()).forEach((line) -> {
			String[] header = line.split(": ", 2);
			headers.put(header[0].toLowerCase(Locale.ROOT), header[1]);
		});
		return headers;
	}

	private static String dechunked(String body) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		int at = 0;
		int size;
		do {
			int line = body.indexOf("\r\n", at);
			size = HexFormat.fromHexDigits(body.substring(at, line));
			bytes.writeBytes(body.substring(line + 2, line + 2 + size).getBytes(StandardCharsets.ISO_8859_1));
			at = line + 2 + size + 2;
		}
		while (size > 0);
		return bytes.toString(StandardCharsets.ISO_8859_1);
	}

	private static byte[] resource(String name) {
		try (InputStream in = MultipartReaderWireTests.class.getResourceAsStream("/wire/" + name)) {
			assertThat(in).as(name).isNotNull();
			return in.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
