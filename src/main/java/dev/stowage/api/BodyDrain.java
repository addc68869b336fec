package dev.stowage.api;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a refused client still sends, within bounds, before it is answered: a client
 * that writes all before it reads takes an earlier answer for a broken connection, and
 * sends everything again.
 */
final class BodyDrain {

	private static final Logger logger = LoggerFactory.getLogger(BodyDrain.class);

	private static final long MAX_BYTES = 64L * 1024 * 1024;

	private static final Duration MAX_TIME = Duration.ofSeconds(30);

	private BodyDrain() {
	}

	static void drain(HttpServletRequest request) {
		long end = System.nanoTime() + MAX_TIME.toNanos();
		byte[] buffer = new byte[64 * 1024];
		long left = MAX_BYTES;
		try {
			InputStream body = request.getInputStream();
			while (left > 0 && System.nanoTime() < end) {
				int count = body.read(buffer);
				if (count < 0) {
					return;
				}
				left -= count;
			}
		}
		catch (IOException ex) {
			logger.debug("Nothing left to drain: {}", ex.toString());
		}
	}

}
