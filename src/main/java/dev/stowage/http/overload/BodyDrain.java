package dev.stowage.http.overload;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

import dev.stowage.http.ClientAddress;
import dev.stowage.http.RestOfBody;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpHeaders;

/**
 * Reads what a refused client still sends, within bounds, before it is answered. A client
 * that writes everything before it reads would take an earlier answer for a broken
 * connection and send everything again. While its body is read, the request uses no place
 * among those that are served, but one of a few separate places; if none is free, the
 * body is not read.
 */
final class BodyDrain {

	private static final Logger logger = LoggerFactory.getLogger(BodyDrain.class);

	private static final long MAX_BYTES = 64L * 1024 * 1024;

	/** Many requests may be refused at the same time. */
	private static final int BUFFER = 8 * 1024;

	/** What may follow a form. */
	private static final int MAX_END = 64 * 1024;

	private static final Duration MAX_TIME = Duration.ofSeconds(30);

	private static final Duration BRIEFLY = Duration.ofSeconds(5);

	/** How long a client that is still sending may pause. */
	private static final Duration SILENCE = Duration.ofSeconds(2);

	/** What it must send in that time, so that it finishes within the limit. */
	private static final int BYTES_PER_SILENCE = 32 * 1024;

	private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

	private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "DELETE", "OPTIONS", "TRACE");

	private BodyDrain() {
	}

	/**
	 * Reads the body of a request whose method gives it no meaning, as far as it has
	 * arrived, without waiting for the rest.
	 */
	static void skip(HttpServletRequest request) throws IOException {
		// a request line that Tomcat could not read has no method
		String method = String.valueOf((Object) request.getMethod());
		if (!WITHOUT_BODY.contains(method) || request.getInputStream().isFinished()) {
			return;
		}
		byte[] buffer = new byte[BUFFER];
		ServletInputStream body = request.getInputStream();
		if (request.getContentLengthLong() <= buffer.length) {
			// chunks have no length before they are read, and their heads can be slow
			while (request.getContentLengthLong() > 0 && !body.isFinished() && Conversation.of(request).isByteThere()) {
				body.read(buffer);
			}
		}
		if (!body.isFinished()) {
			RestOfBody.leave(request);
		}
	}

	/**
	 * Reads what an answered request has left of its body, so that the next one can come.
	 * That is usually the end of a form, which has already arrived.
	 */
	static void finish(HttpServletRequest request) {
		Conversation conversation = Conversation.of(request);
		conversation.expectBody(SILENCE);
		byte[] buffer = new byte[BUFFER];
		try {
			ServletInputStream body = request.getInputStream();
			for (int read = 0; read < MAX_END && !body.isFinished()
					&& (body.available() > 0 || conversation.isByteThere());) {
				read += Math.max(0, body.read(buffer));
			}
		}
		catch (IOException ex) {
			logger.debug("The end of a body did not arrive: {}", ex.toString());
			RestOfBody.leave(request);
			return;
		}
		drain(request);
	}

	/** For a client that may still be sending. */
	static void drain(HttpServletRequest request) {
		drain(request, MAX_TIME);
	}

	/** For a resource of which little is left. */
	static void drainBriefly(HttpServletRequest request) {
		drain(request, BRIEFLY);
	}

	/**
	 * Reads what a client still sends after its head was refused, for which there are no
	 * rules by which to read it. Otherwise the kernel would reset the connection, and the
	 * client might lose the answer.
	 */
	static void discard(HttpServletRequest answered) {
		Conversation conversation = Conversation.of(answered);
		Object address = ClientAddress.of(answered.getRemoteAddr());
		Optional<SocketChannel> client = conversation.plainClient();
		if (client.isEmpty() || !conversation.refuse(address)) {
			return;
		}
		try {
			discard(client.get());
		}
		catch (IOException ex) {
			logger.debug("Nothing left to discard: {}", ex.toString());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			conversation.leaveRefused(address);
		}
	}

	private static void discard(SocketChannel client) throws IOException, InterruptedException {
		client.shutdownOutput();
		ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
		readAway((most) -> client.read(buffer.clear().limit(most)), MAX_BYTES, BRIEFLY, 1);
	}

	/** A client that waits for 100 Continue and did not get it sends nothing. */
	private static void drain(HttpServletRequest request, Duration maxTime) {
		Conversation conversation = Conversation.of(request);
		if (conversation.isBroken()) {
			RestOfBody.leave(request);
		}
		if (RestOfBody.isLeft(request)) {
			return;
		}
		boolean isSending = request.getHeader(HttpHeaders.EXPECT) == null || conversation.isBodyAsked()
				|| conversation.isBodyRead();
		if (!isSending) {
			conversation.leavePlace();
		}
		if (!isSending || !isDrained(request, maxTime)) {
			RestOfBody.leave(request);
		}
	}

	private static boolean isDrained(HttpServletRequest request, Duration maxTime) {
		Conversation conversation = Conversation.of(request);
		Object address = ClientAddress.of(request.getRemoteAddr());
		try {
			ServletInputStream body = ClientBody.rest(request);
			if (body.isFinished()) {
				return true;
			}
			if (!conversation.refuse(address)) {
				return false;
			}
			try {
				conversation.expectBody(SILENCE);
				return drain(body, conversation::isByteThere, MAX_BYTES, maxTime);
			}
			finally {
				conversation.leaveRefused(address);
			}
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
	 * Checks for bytes before it reads, because a read of a silent client would exceed
	 * the limit.
	 * @return whether the body has ended
	 */
	static boolean drain(ServletInputStream body, BooleanSupplier isByteThere, long maxBytes, Duration maxTime)
			throws IOException, InterruptedException {
		byte[] buffer = new byte[BUFFER];
		readAway((most) -> {
			if (body.isFinished()) {
				return -1;
			}
			boolean isThere = body.available() > 0 || isByteThere.getAsBoolean();
			return isThere ? Math.max(0, body.read(buffer, 0, most)) : 0;
		}, maxBytes, maxTime, BYTES_PER_SILENCE);
		return body.isFinished();
	}

	/**
	 * Reads what arrives, until its end or a limit.
	 * @param bytesPerSilence what the client must send in the time of a silence
	 */
	private static void readAway(Source source, long maxBytes, Duration maxTime, int bytesPerSilence)
			throws IOException, InterruptedException {
		long start = System.nanoTime();
		long last = start;
		long now = start;
		long left = maxBytes;
		int since = 0;
		int count = 0;
		while (count >= 0 && left > 0 && now - start < maxTime.toNanos() && now - last < SILENCE.toNanos()) {
			count = source.read((int) Math.min(left, BUFFER));
			if (count > 0) {
				left -= count;
				since += count;
				if (since >= bytesPerSilence) {
					last = System.nanoTime();
					since = 0;
				}
			}
			else if (count == 0) {
				Thread.sleep(LOOK_AGAIN);
			}
			now = System.nanoTime();
		}
	}

	/** Bytes that nobody needs. */
	private interface Source {

		/**
		 * Reads without waiting for the client.
		 * @return how many bytes; negative at the end
		 */
		int read(int most) throws IOException;

	}

}
