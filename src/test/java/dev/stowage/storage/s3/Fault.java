package dev.stowage.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.stowage.storage.s3.FaultyS3.Exchange;

/** What happens to a request on its way to an S3 engine. */
public interface Fault {

	Fault NONE = (head, in, exchange) -> {
		sendHead(head, exchange);
		sendBody(length(head), in, exchange);
	};

	void handOn(String head, InputStream in, Exchange exchange) throws IOException, InterruptedException;

	/** The engine never sees the request; the client gets an S3 error of this status. */
	static Fault answer(int status, String code) {
		String body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code
				+ "</Code><Message>asked to fail</Message></Error>";
		return (head, in, exchange) -> {
			exchange.answer("HTTP/1.1 " + status + " Asked\r\nConnection: close\r\nContent-Type: application/xml\r\n"
					+ "Content-Length: " + body.length() + "\r\n\r\n" + body);
			exchange.reset();
		};
	}

	/** The engine never sees the request; the client gets a status and nothing else. */
	static Fault nothing(int status) {
		return (head, in, exchange) -> {
			exchange.answer("HTTP/1.1 " + status + " Asked\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
			exchange.reset();
		};
	}

	/** The connection is reset before the engine sees anything. */
	static Fault reset() {
		return (head, in, exchange) -> exchange.reset();
	}

	/** Passes requests on that carry these headers, and refuses all others. */
	static Fault unlessIts(Map<String, String> headers, Fault then) {
		Fault refusal = answer(403, "AccessDenied");
		return (head, in, exchange) -> {
			String lines = head.toLowerCase(Locale.ROOT);
			boolean there = headers.entrySet()
				.stream()
				.allMatch((header) -> lines
					.contains("\r\n" + header.getKey() + ": " + header.getValue().toLowerCase(Locale.ROOT) + "\r\n"));
			(there ? then : refusal).handOn(head, in, exchange);
		};
	}

	/** A part of the request's body arrives; then the connection is reset. */
	static Fault resetAfter(long bytes) {
		return (head, in, exchange) -> {
			sendHead(head, exchange);
			sendBody(bytes, in, exchange);
			exchange.reset();
		};
	}

	/**
	 * The engine does what was asked, and its answer is lost except for a number of
	 * bytes.
	 */
	static Fault cutAnswerAfter(long bytes) {
		return (head, in, exchange) -> {
			exchange.cutAnswerAfter(bytes);
			NONE.handOn(head, in, exchange);
		};
	}

	/** The engine does what was asked, and its answer is changed on the way. */
	private static Fault spoil(UnaryOperator<S3Answer> change) {
		return (head, in, exchange) -> {
			exchange.spoilAnswer(head.startsWith("HEAD "), change);
			NONE.handOn(head, in, exchange);
		};
	}

	/** The answer names a tag that no bytes here have. */
	static Fault wrongTag() {
		return spoil(S3Answer::withWrongTag);
	}

	/** The last byte of the answer is another one. */
	static Fault wrongLastByte() {
		return spoil(S3Answer::withWrongLastByte);
	}

	/** Half of the answer arrives, as if it were complete. */
	static Fault halfAnswer() {
		return spoil(S3Answer::half);
	}

	/** The answer has only a head, as if that were complete. */
	static Fault emptyAnswer() {
		return spoil(S3Answer::empty);
	}

	/** Half of the declared answer arrives; then the connection ends normally. */
	static Fault cutAnswer() {
		return spoil(S3Answer::cut);
	}

	/** The engine does what was asked, and its answer does not arrive. */
	static Fault noAnswer(CountDownLatch gate) {
		return (head, in, exchange) -> {
			exchange.holdAnswer(gate);
			NONE.handOn(head, in, exchange);
		};
	}

	/** After a part of the request's body nothing more is read until the gate opens. */
	static Fault stallAfter(long bytes, CountDownLatch gate) {
		return (head, in, exchange) -> {
			sendHead(head, exchange);
			sendBody(bytes, in, exchange);
			gate.await();
			sendBody(length(head) - bytes, in, exchange);
		};
	}

	private static void sendHead(String head, Exchange exchange) throws IOException {
		byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
		exchange.send(bytes, bytes.length);
	}

	private static void sendBody(long length, InputStream in, Exchange exchange) throws IOException {
		byte[] buffer = new byte[64 * 1024];
		long left = length;
		while (left > 0) {
			int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
			if (count < 0) {
				throw new IOException("the client disconnected");
			}
			exchange.send(buffer, count);
			left -= count;
		}
	}

	private static long length(String head) {
		Matcher length = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)\r\n").matcher(head);
		return length.find() ? Long.parseLong(length.group(1)) : 0;
	}

}
