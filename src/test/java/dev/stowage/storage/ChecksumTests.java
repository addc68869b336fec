package dev.stowage.storage;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32C;

import dev.stowage.storage.s3.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ChecksumTests {

	@Test
	void isTheSumThatOthersHave() {
		assertThat(of("123456789".getBytes(StandardCharsets.US_ASCII))).isEqualTo(new Checksum(9, 0xE3069283L));
		assertThat(of(new byte[32])).isEqualTo(new Checksum(32, 0x8A9136AAL));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 3, 255, 256, 65_535, 65_536, 65_537, 100_000 })
	void sumsOfTwoRunsAddUpToTheSumOfBoth(int first) {
		byte[] bytes = Samples.bytes(100_000);
		assertThat(of(bytes, 0, first).then(of(bytes, first, bytes.length - first))).isEqualTo(of(bytes));
	}

	@Test
	void sumsOfManyRunsAddUp() {
		Random random = new Random(1);
		byte[] bytes = Samples.bytes(1_000_000);
		Checksum sum = Checksum.EMPTY;
		int position = 0;
		while (position < bytes.length) {
			int length = Math.min(random.nextInt(10_000), bytes.length - position);
			sum = sum.then(of(bytes, position, length));
			position += length;
		}
		assertThat(sum).isEqualTo(of(bytes));
	}

	@Test
	void sumsOfRunsLongerThanAnIntegerAddUp() {
		Checksum of1 = ofZeros(1L << 30);
		Checksum of3 = of1.then(of1).then(of1);
		assertThat(of3).isEqualTo(ofZeros(3L << 30));
		assertThat(of1.then(of1.then(of1))).isEqualTo(of3);
	}

	private static Checksum ofZeros(long length) {
		CRC32C sum = new CRC32C();
		byte[] zeros = new byte[1 << 20];
		for (long left = length; left > 0; left -= zeros.length) {
			sum.update(zeros);
		}
		return Checksum.of(length, sum);
	}

	private static Checksum of(byte[] bytes) {
		return of(bytes, 0, bytes.length);
	}

	private static Checksum of(byte[] bytes, int offset, int length) {
		CRC32C sum = new CRC32C();
		sum.update(bytes, offset, length);
		return Checksum.of(length, sum);
	}

}
