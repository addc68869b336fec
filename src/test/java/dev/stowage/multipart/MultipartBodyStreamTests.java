package dev.stowage.multipart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MultipartBodyStreamTests {

	private static final String OPEN = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n";

	private static final String CLOSE = "\r\n--b--\r\n";

	/**
	 * The bar is before the bytes that may be the beginning of a delimiter.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "x|", "hello|", "hello|\r\n", "|\r", "|\r\n-", "\r\n--c|", "hello\r\n--bx|", "\r\n|\r\n",
			"\r|\r\n--", "|\r\n--b", "|\r\n--b\r", "a|\r\n--b-", "a|\r\n--b--", "a|\r\n--b--\r", "a|\r\n--b \t ",
			"a\r\n--b-|\r", "a\r\n--bx|\r\n--b", "\r\n--b\r|\r" })
	void handsOutKnownDataWithoutWaitingForMore(String arrived) throws IOException {
		String known = arrived.substring(0, arrived.indexOf('|'));
		InputStream body = bodyOf(new StalledInputStream(OPEN + arrived.replace("|", "")));
		assertThat(body.readNBytes(known.length())).asString().isEqualTo(known);
		assertThat(body.available()).isZero();
		assertThatThrownBy(body::read).hasMessage("stalled");
	}

	@Test
	void readsNothingIntoNoSpaceAndSomethingIntoAny() throws IOException {
		InputStream body = bodyOf(SplitInputStream.byteByByte(OPEN + "data" + CLOSE));
		byte[] bytes = { '.', '.', '.', '.' };
		assertThat(body.read(bytes, 4, 0)).isZero();
		assertThat(body.read(bytes, 1, 2)).isEqualTo(1);
		assertThat(bytes).asString().isEqualTo(".d..");
		assertThatThrownBy(() -> body.read(bytes, 2, 3)).isInstanceOf(IndexOutOfBoundsException.class);
		assertThat(body.readAllBytes()).asString().isEqualTo("ata");
		assertThat(body.read(bytes, 0, 4)).isEqualTo(-1);
		assertThat(body.read()).isEqualTo(-1);
		assertThat(body.available()).isZero();
		assertThat(body.read(bytes, 0, 0)).isZero();
	}

	@Test
	void waitsOutReadsThatBringNothing() throws IOException {
		int[] turn = { 0 };
		byte[] bytes = (OPEN + "data" + CLOSE).getBytes(StandardCharsets.US_ASCII);
		InputStream body = bodyOf(new SplitInputStream(bytes, () -> turn[0]++ % 2));
		assertThat(body.read(new byte[9])).isPositive();
	}

	@Test
	void readsBytesAsUnsigned() throws IOException {
		assertThat(bodyOf(SplitInputStream.whole(OPEN + "\u00ff" + CLOSE)).read()).isEqualTo(255);
	}

	@Test
	void skipsDataButNotBoundary() throws IOException {
		InputStream body = bodyOf(SplitInputStream.byteByByte(OPEN + "0123456789" + CLOSE));
		assertThat(body.skip(-1)).isZero();
		assertThat(body.skip(4)).isEqualTo(4);
		assertThat(body.read()).isEqualTo('4');
		assertThat(body.skip(100)).isEqualTo(5);
		assertThat(body.skip(100)).isZero();
	}

	@Test
	void tellsWhatCanBeReadWithoutBlocking() throws IOException {
		InputStream body = bodyOf(SplitInputStream.whole(OPEN + "0123456789" + CLOSE));
		assertThat(body.available()).isEqualTo(10);
		assertThat(body.read()).isEqualTo('0');
		assertThat(body.available()).isEqualTo(9);
	}

	@Test
	void asksForNoMoreThanItsBufferHolds() throws IOException {
		SplitInputStream fast = SplitInputStream.whole(OPEN + "x".repeat(2_000_000) + CLOSE);
		assertThat(bodyOf(fast).readAllBytes()).hasSize(2_000_000);
		assertThat(fast.largestRequest()).isBetween(8 * 1024, DelimiterScanner.BUFFER);
	}

	private static InputStream bodyOf(InputStream in) throws IOException {
		return new MultipartReader(in, "b").next().orElseThrow().body();
	}

	/** Throws where a socket would block. */
	private static final class StalledInputStream extends InputStream {

		private final InputStream arrived;

		StalledInputStream(String arrived) {
			this.arrived = SplitInputStream.whole(arrived);
		}

		@Override
		public int read() {
			throw new UnsupportedOperationException();
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			int count = this.arrived.read(bytes, offset, length);
			if (count < 0) {
				throw new IOException("stalled");
			}
			return count;
		}

	}

}
