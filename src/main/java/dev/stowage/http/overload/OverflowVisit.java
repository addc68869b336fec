package dev.stowage.http.overload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.stowage.http.CrossOrigin;
import org.jspecify.annotations.Nullable;

/** One connection for which the server has no room, from its arrival to its end. */
final class OverflowVisit {

	/** A negative answer to this probe would restart the server, which would not help. */
	private static final byte[] LIVENESS = "GET /actuator/health/liveness ".getBytes(StandardCharsets.US_ASCII);

	private static final Pattern ORIGIN = Pattern.compile("\r\nOrigin:[ \t]*([^\r\n]*?)[ \t]*\r\n",
			Pattern.CASE_INSENSITIVE);

	private final SocketChannel connection;

	private final Object address;

	private final long begun = System.nanoTime();

	private long heard = this.begun;

	private boolean answered;

	OverflowVisit(SocketChannel connection, Object address) {
		this.connection = connection;
		this.address = address;
	}

	SocketChannel connection() {
		return this.connection;
	}

	Object address() {
		return this.address;
	}

	/** Answers the first bytes that arrive. */
	void hear(ByteBuffer bytes, CrossOrigin origins) throws IOException {
		this.heard = System.nanoTime();
		if (this.answered) {
			return;
		}
		boolean isAlive = bytes.mismatch(ByteBuffer.wrap(LIVENESS)) == LIVENESS.length;
		answer(isAlive ? RawAnswer.alive() : RawAnswer.busy(origins.headers(origin(bytes))));
	}

	private static @Nullable String origin(ByteBuffer bytes) {
		Matcher origin = ORIGIN.matcher(StandardCharsets.ISO_8859_1.decode(bytes));
		return origin.find() ? origin.group(1) : null;
	}

	/**
	 * Answers a client that has sent nothing for too long.
	 * @return whether the connection is to be closed
	 */
	boolean isOver(long now, Duration silence, Duration maxTime) throws IOException {
		boolean isSilent = now - this.heard > silence.toNanos();
		if (now - this.begun > maxTime.toNanos() || (isSilent && this.answered)) {
			return true;
		}
		if (isSilent) {
			this.heard = now;
			answer(RawAnswer.busy(Map.of()));
		}
		return false;
	}

	private void answer(byte[] answer) throws IOException {
		this.answered = true;
		this.connection.write(ByteBuffer.wrap(answer));
		this.connection.shutdownOutput();
	}

}
