package dev.stowage.file;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;

import dev.stowage.storage.Checksum;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectReplacedException;
import dev.stowage.storage.ObjectStoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CheckedContentTests {

	private static final byte[] BYTES = new byte[100_000];

	static {
		new Random(1).nextBytes(BYTES);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 7, 8_192, 99_999, 100_000, 100_001 })
	void handsOutTheRightBytesHoweverTheyAreRead(int size) throws Exception {
		assertThat(read(BYTES, size).toByteArray()).isEqualTo(BYTES);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 50_000, 99_998, 99_999 })
	void keepsTheLastBytesOfWrongOnes(int position) {
		byte[] wrong = BYTES.clone();
		wrong[position] ^= 1;
		for (int size : new int[] { 1, 7, 8_192, 100_000 }) {
			ByteArrayOutputStream read = new ByteArrayOutputStream();
			assertThatExceptionOfType(Damage.class).isThrownBy(() -> read(wrong, size, read));
			assertThat(read.size()).isLessThan(BYTES.length);
		}
	}

	@Test
	void neverHandsOutMoreThanExpected() {
		ByteArrayOutputStream read = new ByteArrayOutputStream();
		assertThatExceptionOfType(Damage.class).isThrownBy(() -> read(Arrays.copyOf(BYTES, 100_001), 70_000, read));
		assertThat(read.size()).isEqualTo(70_000);
	}

	@Test
	void failsLikeTheStoreWhereItsAnswerEndsTooEarly() {
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> read(Arrays.copyOf(BYTES, 99_999), 100));
	}

	@Test
	void isDamagedWhereItsObjectIsReplacedMeanwhile() throws Exception {
		InputStream replaced = new InputStream() {

			@Override
			public int read() {
				throw new ObjectReplacedException(new ObjectKey("files/a"));
			}

			@Override
			public int read(byte[] buffer, int offset, int length) {
				return read();
			}

		};
		Checksum expected = new Checksum(BYTES.length, 0);
		try (InputStream content = new CheckedContent(
				new SequenceInputStream(new ByteArrayInputStream(BYTES, 0, 10), replaced), expected, Damage::new)) {
			assertThat(content.readNBytes(10)).isEqualTo(Arrays.copyOf(BYTES, 10));
			assertThatExceptionOfType(Damage.class).isThrownBy(content::read);
		}
	}

	@Test
	void checksWhatIsSkippedToo() throws Exception {
		try (InputStream content = checked(BYTES)) {
			content.skipNBytes(60_000);
			assertThat(content.readAllBytes()).isEqualTo(Arrays.copyOfRange(BYTES, 60_000, BYTES.length));
		}
	}

	private static ByteArrayOutputStream read(byte[] bytes, int size) throws IOException {
		ByteArrayOutputStream read = new ByteArrayOutputStream();
		read(bytes, size, read);
		return read;
	}

	private static void read(byte[] bytes, int size, ByteArrayOutputStream read) throws IOException {
		byte[] buffer = new byte[size];
		try (InputStream content = checked(bytes)) {
			for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
				read.write(buffer, 0, count);
			}
		}
	}

	private static InputStream checked(byte[] bytes) {
		CRC32C sum = new CRC32C();
		sum.update(BYTES);
		return new CheckedContent(new ByteArrayInputStream(bytes), new Checksum(BYTES.length, sum.getValue()),
				Damage::new);
	}

	private static final class Damage extends RuntimeException {

	}

}
