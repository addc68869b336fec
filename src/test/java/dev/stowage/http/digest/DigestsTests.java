package dev.stowage.http.digest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What digests of a body or a part are accepted, and how bytes are compared. */
class DigestsTests {

	private static final byte[] BYTES = "{\"hello\": \"world\"}\n".getBytes(StandardCharsets.US_ASCII);

	/** The digests of these bytes in RFC 9530, appendix B. */
	private static final String SHA_256 = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";

	private static final String SHA_512 = "sha-512=:YMAam51Jz/jOATT6/zvHrLVgOYTGFy1d6GJiOHTohq4yP+pgk4vf2aCs"
			+ "yRZOtw8MjkM7iw7yZ/WkppmM44T3qg==:";

	private static final String OTHER = "sha-256=:" + "A".repeat(43) + "=:";

	@ParameterizedTest
	@ValueSource(strings = { "Content-Digest", "Repr-Digest" })
	void acceptsTheDigestsOfTheRfc(String header) throws Exception {
		assertThat(read(Map.of(header, List.of(SHA_256)))).isEqualTo(BYTES);
		assertThat(read(Map.of(header, List.of(SHA_512 + ", " + SHA_256)))).isEqualTo(BYTES);
		assertThat(read(Map.of(header, List.of(SHA_512, SHA_256 + ";q=0.5")))).isEqualTo(BYTES);
	}

	@Test
	void acceptsContentMd5() throws Exception {
		String md5 = Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(BYTES));
		assertThat(read(Map.of("Content-MD5", List.of(" " + md5 + " ")))).isEqualTo(BYTES);
		assertMismatch("Content-MD5", "A".repeat(22) + "==");
	}

	@Test
	void computesTheDigestOfNoBytes() throws Exception {
		Digests digests = of(
				Map.of("Content-Digest", List.of("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:")));
		assertThat(digests.over(InputStream.nullInputStream()).read()).isEqualTo(-1);
	}

	@Test
	void requiresEveryDigestToMatch() {
		assertMismatch("Content-Digest", OTHER + ", " + SHA_512);
		assertMismatch("Repr-Digest", SHA_512.replace("YMAa", "ZMAa"), SHA_256);
		assertThatThrownBy(() -> read(Map.of("Content-Digest", List.of(SHA_256), "Repr-Digest", List.of(OTHER))))
			.isInstanceOf(BodyDigestException.Mismatch.class)
			.hasMessageContaining("Repr-Digest");
	}

	@Test
	void ofTheSameKeyTheLastOneCounts() throws Exception {
		assertThat(read(Map.of("Content-Digest", List.of(OTHER + ", " + SHA_256)))).isEqualTo(BYTES);
		assertThat(read(Map.of("Content-Digest", List.of("sha-256=1", SHA_256)))).isEqualTo(BYTES);
		assertMismatch("Content-Digest", SHA_256, OTHER);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "md5=:AAAA:", "sha=:AA==:, crc32c=:AAAAAA==:", "unixsum=30637, x=(a b);c, y" })
	void ignoresUnknownAlgorithms(String value) throws Exception {
		assertThat(read(Map.of("Content-Digest", List.of(value), "Repr-Digest", List.of(SHA_256)))).isEqualTo(BYTES);
		assertThat(of(Map.of("Content-Digest", List.of(value))).isEmpty()).isTrue();
	}

	@Test
	void readsBytesAsTheyAreWithoutADigest() throws Exception {
		InputStream bytes = InputStream.nullInputStream();
		assertThat(of(Map.of()).over(bytes)).isSameAs(bytes);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					Content-Digest | sha-256                       | cannot be read
					Content-Digest | sha-256=RK/0qy18              | cannot be read
					Content-Digest | sha-256="RK/0qy18"            | cannot be read
					Content-Digest | sha-256=:RK/0qy1:, x          | The sha-256 in the Content-Digest header of the part has 5 bytes. It must have 32, sent as base64.
					Repr-Digest    | sha-512=:RK/0qy18:            | The sha-512 in the Repr-Digest header of the part has 6 bytes. It must have 64, sent as base64.
					Repr-Digest    | SHA-256=:RK/0qy18:            | cannot be read
					Repr-Digest    | md5=:A:                       | cannot be read
					Content-MD5    | 1B2M2Y8AsgTpgAmY7PhCfg==, x   | cannot be read
					Content-MD5    | :1B2M2Y8AsgTpgAmY7PhCfg==:    | cannot be read
					Content-MD5    | ``                            | The md5 in the Content-MD5 header of the part has 0 bytes. It must have 16, sent as base64.
					Content-MD5    | d41d8cd98f00b204e9800998ecf8427e | has 24 bytes. It must have 16
					""")
	void refusesHeadersThatCannotBeRead(String header, String value, String message) {
		BodyDigestException.Invalid refusal = catchThrowableOfType(BodyDigestException.Invalid.class,
				() -> of(Map.of(header, List.of(value))));
		assertThat(refusal).hasMessageContaining(message).hasMessageNotContaining("RK/");
		assertThat(refusal.header()).isEqualTo(header);
	}

	@Test
	void refusesContentMd5Twice() {
		String md5 = "1B2M2Y8AsgTpgAmY7PhCfg==";
		assertThatThrownBy(() -> of(Map.of("Content-MD5", List.of(md5, md5))))
			.isInstanceOf(BodyDigestException.Invalid.class)
			.hasMessageContaining("Send it once");
	}

	@Test
	void saysWhichDigestTheBytesHave() {
		BodyDigestException.Mismatch mismatch = catchThrowableOfType(BodyDigestException.Mismatch.class,
				() -> read(Map.of("Content-Digest", List.of(OTHER))));
		assertThat(mismatch).hasMessage("The part has the sha-256 RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=, but its"
				+ " Content-Digest header says " + "A".repeat(43)
				+ "=. Nothing was kept. Please send the request again.");
		assertThat(mismatch.header()).isEqualTo("Content-Digest");
	}

	@Test
	void failsAgainWhenTheEndIsReadAgain() throws Exception {
		InputStream bytes = of(Map.of("Content-Digest", List.of(OTHER))).over(new ByteArrayInputStream(BYTES));
		assertThat(bytes.readNBytes(BYTES.length)).isEqualTo(BYTES);
		for (int time = 0; time < 2; time++) {
			assertThatThrownBy(bytes::read).isInstanceOf(BodyDigestException.Mismatch.class);
		}
	}

	@Test
	void readsTheEndTwice() throws Exception {
		InputStream bytes = of(Map.of("Content-Digest", List.of(SHA_256))).over(new ByteArrayInputStream(BYTES));
		assertThat(bytes.skip(5)).isEqualTo(5);
		assertThat(bytes.read()).isEqualTo(BYTES[5]);
		assertThat(bytes.readAllBytes()).isEqualTo(Arrays.copyOfRange(BYTES, 6, BYTES.length));
		assertThat(bytes.read()).isEqualTo(-1);
	}

	private static void assertMismatch(String header, String... lines) {
		assertThatThrownBy(() -> read(Map.of(header, List.of(lines)))).isInstanceOf(BodyDigestException.Mismatch.class);
	}

	private static byte[] read(Map<String, List<String>> headers) throws IOException {
		return of(headers).over(new ByteArrayInputStream(BYTES)).readAllBytes();
	}

	private static Digests of(Map<String, List<String>> headers) throws IOException {
		return Digests.ofPart((name) -> headers.getOrDefault(name, List.of()));
	}

}
