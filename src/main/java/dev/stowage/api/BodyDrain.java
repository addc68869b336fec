package dev.stowage.api;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
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

	private static final Duration MAX_TIME = Duration.ofSeconds(30);

	private static final Duration BRIEFLY = Duration.ofSeconds(5);

	private static final String LEFT = BodyDrain.class.getName();

	private BodyDrain() {
	}

	static void drain(HttpServletRequest request) {
		drain(request, MAX_TIME);
	}

	/** For a time of which many have only little; the rest is left. */
	static void drainBriefly(HttpServletRequest request) {
		if (request.getHeader(HttpHeaders.EXPECT) == null) {
			drain(request, BRIEFLY);
		}
		leaveRest(request);
	}

	/** Keeps the container from reading on when the request has been answered. */
	static void leaveRest(HttpServletRequest request) {
		request.setAttribute(LEFT, true);
	}

	static boolean isRestLeft(ServletRequest request) {
		return request.getAttribute(LEFT) != null;
	}

	private static void drain(HttpServletRequest request, Duration maxTime) {
		try {
			drain(request.getInputStream(), MAX_BYTES, maxTime);
		}
		catch (IOException ex) {
			logger.debug("Nothing left to drain: {}", ex.toString());
		}
	}

	static void drain(InputStream body, long maxBytes, Duration maxTime) throws IOException {
		long start = System.nanoTime();
		byte[] buffer = new byte[64 * 1024];
		long left = maxBytes;
		while (left > 0 && System.nanoTime() - start < maxTime.toNanos()) {
			int count = body.read(buffer, 0, (int) Math.min(left, buffer.length));
			if (count < 0) {
				return;
			}
			left -= count;
		}
	}

}
