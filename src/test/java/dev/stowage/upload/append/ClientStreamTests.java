package dev.stowage.upload.append;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What a client sends, whether its connection breaks or not. */
class ClientStreamTests {

	private static final byte[] BYTES = { 1, 2, (byte) 255, 4 };

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void givesAllBytes(boolean asksFirst) throws IOException {
		ClientStream stream = new ClientStream(new ByteArrayInputStream(BYTES), true);
		if (asksFirst) {
			assertThat(stream.hasBytes()).isTrue();
			assertThat(stream.hasBytes()).isTrue();
			assertThat(stream.received()).isEqualTo(1);
		}
		assertThat(stream.isWhole()).isFalse();
		assertThat(stream.readAllBytes()).isEqualTo(BYTES);
		assertThat(stream.received()).isEqualTo(BYTES.length);
		assertThat(stream.isWhole()).isTrue();
		stream.throwFailure();
	}

	@Test
	void hasNoBytesAtTheEnd() throws IOException {
		ClientStream stream = new ClientStream(InputStream.nullInputStream(), true);
		assertThat(stream.hasBytes()).isFalse();
		assertThat(stream.isWhole()).isTrue();
		assertThat(stream.read()).isEqualTo(-1);
	}

	@Test
	void endsWithWhatCameBeforeABreak() throws IOException {
		ClientStream stream = new ClientStream(broken(), true);
		assertThat(stream.readAllBytes()).isEqualTo(BYTES);
		assertThat(stream.read()).isEqualTo(-1);
		assertThat(stream.received()).isEqualTo(BYTES.length);
		assertThat(stream.isWhole()).isFalse();
		assertThatExceptionOfType(IOException.class).isThrownBy(stream::throwFailure).withMessage("broken");
	}

	@Test
	void failsAtABreakWhereNothingMayBeKept() throws IOException {
		ClientStream stream = new ClientStream(broken(), false);
		assertThat(stream.readNBytes(BYTES.length)).isEqualTo(BYTES);
		assertThatExceptionOfType(IOException.class).isThrownBy(stream::read).withMessage("broken");
	}

	@Test
	void passesAnInterruptOnAfterTheBytesAreKept() throws IOException {
		ClientStream stream = new ClientStream(broken(), true);
		Thread.currentThread().interrupt();
		stream.readAllBytes();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
		assertThatExceptionOfType(IOException.class).isThrownBy(stream::throwFailure);
		assertThat(Thread.interrupted()).isTrue();
	}

	private static InputStream broken() {
		return new SequenceInputStream(new ByteArrayInputStream(BYTES), new InputStream() {

			@Override
			public int read() throws IOException {
				throw new IOException("broken");
			}

			@Override
			public int read(byte[] buffer, int offset, int length) throws IOException {
				return read();
			}

		});
	}

}
