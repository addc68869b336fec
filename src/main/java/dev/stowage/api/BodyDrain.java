package dev.stowage.api;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpHeaders;

/**
 * Reads what a refused client still sends, within bounds, before it is answered: a client
 * that writes all before it reads takes an earlier answer for a broken connection, and
 * sends everything again.
 */
final class BodyDrain {

	private static final Logger logger = LoggerFactory.getLogger(BodyDrain.class);

	private static final long MAX_BYTES = 64L * 1024 * 1024;

	/** Many may be refused at once. */
	private static final int BUFFER = 8 * 1024;

	private static final Duration MAX_TIME = Duration.ofSeconds(30);

	private static final Duration BRIEFLY = Duration.ofSeconds(5);

	/** So long a client that is still sending may pause. */
	private static final Duration SILENCE = Duration.ofSeconds(2);

	private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

	private static final String LEFT = BodyDrain.class.getName() + ".left";

	private static final String CONNECTION = BodyDrain.class.getName() + ".connection";

	private BodyDrain() {
	}

	/** Says by what connection a request came, before anybody asks for a drain. */
	static void prepare(ServletRequest request, Request connection) {
		request.setAttribute(CONNECTION, connection);
	}

	/** For a client that was let in, and may have been told to send. */
	static void drain(HttpServletRequest request) {
		if (!drain(request, MAX_TIME)) {
			leaveRest(request);
		}
	}

	/** For a client that has sent nothing yet if it asks before it sends. */
	static void drainUnasked(HttpServletRequest request) {
		drainUnasked(request, MAX_TIME);
	}

	/** For a time of which many have only little. */
	static void drainBriefly(HttpServletRequest request) {
		drainUnasked(request, BRIEFLY);
	}

	private static void drainUnasked(HttpServletRequest request, Duration maxTime) {
		boolean drained = request.getHeader(HttpHeaders.EXPECT) == null && drain(request, maxTime);
		if (!drained) {
			leaveRest(request);
		}
	}

	/** Keeps the container from reading on when the request has been answered. */
	static void leaveRest(HttpServletRequest request) {
		request.setAttribute(LEFT, true);
	}

	static boolean isRestLeft(ServletRequest request) {
		return request.getAttribute(LEFT) != null;
	}

	private static boolean drain(HttpServletRequest request, Duration maxTime) {
		try {
			return drain(request.getInputStream(), () -> isByteThere(request), MAX_BYTES, maxTime);
		}
		catch (IOException ex) {
			logger.debug("Nothing left to drain: {}", ex.toString());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return false;
	}

	/**
	 * Looks for bytes before it reads: a client that says nothing would outlast us.
	 * @return whether that was all
	 */
	static boolean drain(ServletInputStream body, BooleanSupplier isByteThere, long maxBytes, Duration maxTime)
			throws IOException, InterruptedException {
		long start = System.nanoTime();
		byte[] buffer = new byte[BUFFER];
		long left = maxBytes;
		long last = start;
		long now = start;
		while (left > 0 && !body.isFinished() && now - start < maxTime.toNanos() && now - last < SILENCE.toNanos()) {
			if (body.available() > 0 || isByteThere.getAsBoolean()) {
				left -= Math.max(0, body.read(buffer, 0, (int) Math.min(left, buffer.length)));
				last = System.nanoTime();
			}
			else {
				Thread.sleep(LOOK_AGAIN);
			}
			now = System.nanoTime();
		}
		return body.isFinished();
	}

	/** The stream itself looks no further than into its buffers. */
	private static boolean isByteThere(HttpServletRequest request) {
		if (!(request.getAttribute(CONNECTION) instanceof Request connection)) {
			throw new IllegalStateException("The request did not come through the valve");
		}
		connection.action(ActionCode.AVAILABLE, true);
		return connection.getAvailable() > 0;
	}

}
