package dev.stowage.json;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntSupplier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds for any bytes that reach {@link JsonCheck}. Jazzer generates them:
 * {@code mvn -Pfuzz test-compile exec:exec@json}.
 * <p>
 * The first byte seeds the splits, the document follows. The buffer ends where a read
 * ends, so the splits are also its edges.
 */
final class JsonFuzz {

	private JsonFuzz() {
	}

	public static void fuzzerTestOneInput(byte[] data) throws IOException {
		if (data.length == 0) {
			return;
		}
		byte[] document = Arrays.copyOfRange(data, 1, data.length);
		Random random = new Random(data[0]);
		String verdict = JsonCheckTests.check(document);
		assertThat(JsonCheckTests.check(split(document, () -> 1))).isEqualTo(verdict);
		assertThat(JsonCheckTests.check(split(document, () -> 1 + random.nextInt(9)))).isEqualTo(verdict);
		assertThat(verdict.equals(JsonCheckTests.ACCEPTED)).as(verdict)
			.isEqualTo(JsonCheckAgreementTests.isValid(document));
		assertThat(verdict).matches("[ -~]+");
		JsonCheckAgreementTests.assertNothingWrongBeforeTheFault(document, verdict);
	}

	private static InputStream split(byte[] document, IntSupplier sizes) {
		return new ByteArrayInputStream(document) {

			@Override
			public synchronized int read(byte[] bytes, int offset, int length) {
				return super.read(bytes, offset, Math.min(length, sizes.getAsInt()));
			}

		};
	}

}
