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

	/** Empty until all of it has arrived. */
	static Optional<S3Answer> in(byte[] bytes, boolean withoutBody) {
		String text = new String(bytes, StandardCharsets.ISO_8859_1);
		int end = text.indexOf(END);
		if (end < 0) {
			return Optional.empty();
		}
		String head = text.substring(0, end);
		byte[] body = Arrays.copyOfRange(bytes, end + END.length(), bytes.length);
		if (withoutBody || head.startsWith("HTTP/1.1 204")) {
			return Optional.of(new S3Answer(head, body));
		}
		if (CHUNKED.matcher(head).find()) {
			return text.endsWith("\r\n0" + END) ? Optional.of(new S3Answer(head, body).unchunked()) : Optional.empty();
		}
		S3Answer answer = new S3Answer(head, body);
		return (body.length >= answer.length()) ? Optional.of(answer) : Optional.empty();
	}

	private int length() {
		Matcher length = LENGTH.matcher(this.head);
		return length.find() ? Integer.parseInt(length.group(1)) : 0;
	}

	/** Whether less arrives than its head declares. */
	boolean isCut() {
		return this.body.length < length();
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

}
