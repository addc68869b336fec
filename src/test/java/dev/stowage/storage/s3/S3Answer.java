package dev.stowage.storage.s3;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A complete answer of an S3 engine, which a test can change. */
final class S3Answer {

	private static final String END = "\r\n\r\n";

	private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: *(\\d+)");

	private static final Pattern CHUNKED = Pattern.compile("(?i)\r\nTransfer-Encoding: *chunked");

	private final String head;

	private final byte[] body;

	private S3Answer(String head, byte[] body) {
		this.head = head;
		this.body = body;
	}

	private static int length(String head) {
		Matcher length = LENGTH.matcher(head);
		return length.find() ? Integer.parseInt(length.group(1)) : 0;
	}

	/** Whether less arrives than its head declares. */
	boolean isCut() {
		return this.body.length < length(this.head);
	}

	private S3Answer unchunked() {
		ByteArrayOutputStream whole = new ByteArrayOutputStream();
		String text = new String(this.body, StandardCharsets.ISO_8859_1);
		int position = 0;
		while (true) {
			int line = text.indexOf("\r\n", position);
			int size = HexFormat.fromHexDigits(text, position, line);
			if (size == 0) {
				return new S3Answer(CHUNKED.matcher(this.head).replaceFirst("\r\nContent-Length: " + whole.size()),
						whole.toByteArray());
			}
			whole.write(this.body, line + 2, size);
			position = line + 2 + size + 2;
		}
	}

	byte[] bytes() {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		all.writeBytes((this.head + END).getBytes(StandardCharsets.ISO_8859_1));
		all.writeBytes(this.body);
		return all.toByteArray();
	}

	/** With a tag that no bytes here have. */
	S3Answer withWrongTag() {
		String wrong = "0123456789abcdef0123456789abcdef";
		String text = new String(this.body, StandardCharsets.ISO_8859_1);
		byte[] changed = text.replaceAll("<ETag>[^<]*</ETag>", "<ETag>" + wrong + "</ETag>")
			.getBytes(StandardCharsets.ISO_8859_1);
		String tagged = this.head.replaceAll("(?i)\r\nETag:[^\r]*", "\r\nETag: \"" + wrong + "\"");
		return text.contains("<ETag>") ? new S3Answer(tagged, this.body).with(changed)
				: new S3Answer(tagged, this.body);
	}

	S3Answer withWrongLastByte() {
		byte[] changed = this.body.clone();
		changed[changed.length - 1] ^= 1;
		return new S3Answer(this.head, changed);
	}

	/** A shorter answer that looks complete. */
	S3Answer half() {
		return with(Arrays.copyOf(this.body, this.body.length / 2));
	}

	S3Answer empty() {
		return with(new byte[0]);
	}

	private S3Answer with(byte[] other) {
		return new S3Answer(LENGTH.matcher(this.head).replaceFirst("\r\nContent-Length: " + other.length), other);
	}

	/** An answer that declares more than arrives before the connection ends normally. */
	S3Answer cut() {
		return new S3Answer(this.head, Arrays.copyOf(this.body, this.body.length / 2));
	}

	/** One whose bytes arrive piece by piece. Each piece is looked at once. */
	static final class Arriving extends ByteArrayOutputStream {

		private final boolean withoutBody;

		private String head = "";

		Arriving(boolean withoutBody) {
			this.withoutBody = withoutBody;
		}

		boolean isWithoutBody() {
			return this.withoutBody;
		}

		/** Empty until all of it has arrived. */
		Optional<S3Answer> whole() {
			if (this.head.isEmpty()) {
				String text = toString(StandardCharsets.ISO_8859_1);
				this.head = text.substring(0, Math.max(text.indexOf(END), 0));
			}
			return (!this.head.isEmpty() && isWhole()) ? Optional.of(answer()) : Optional.empty();
		}

		private boolean isWhole() {
			int body = this.count - this.head.length() - END.length();
			return this.withoutBody || this.head.startsWith("HTTP/1.1 204")
					|| (isChunked() ? endsWith("\r\n0" + END) : body >= length(this.head));
		}

		private boolean isChunked() {
			return CHUNKED.matcher(this.head).find();
		}

		private boolean endsWith(String end) {
			int from = Math.max(this.count - end.length(), 0);
			return new String(this.buf, from, this.count - from, StandardCharsets.ISO_8859_1).equals(end);
		}

		private S3Answer answer() {
			S3Answer answer = new S3Answer(this.head,
					Arrays.copyOfRange(this.buf, this.head.length() + END.length(), this.count));
			return (!this.withoutBody && isChunked()) ? answer.unchunked() : answer;
		}

	}

}
