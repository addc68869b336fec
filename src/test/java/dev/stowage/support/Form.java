package dev.stowage.support;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A multipart form, written in the simplest way. */
public final class Form {

	public static final String BOUNDARY = "stowage-test-boundary";

	/** Its content type. */
	public static final String CONTENT_TYPE = "multipart/form-data; boundary=" + BOUNDARY;

	private final ByteArrayOutputStream body = new ByteArrayOutputStream();

	/** Adds a text field. */
	public Form field(String name, String value) {
		return part("form-data; name=\"" + name + "\"", value.getBytes(StandardCharsets.UTF_8));
	}

	/** Adds the file; the name is sent unchanged. */
	public Form file(String name, String content) {
		return file(name, content.getBytes(StandardCharsets.UTF_8));
	}

	public Form file(String name, byte[] content) {
		return part("form-data; name=\"file\"; filename=\"" + name + "\"", content);
	}

	/** Adds a part of any disposition. */
	public Form part(String disposition, byte[] content) {
		this.body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: " + disposition + "\r\n\r\n")
			.getBytes(StandardCharsets.UTF_8));
		this.body.writeBytes(content);
		this.body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
		return this;
	}

	/** The form so far, without its end. */
	public byte[] unfinished() {
		return this.body.toByteArray();
	}

	/** The whole form. */
	public byte[] bytes() {
		ByteArrayOutputStream whole = new ByteArrayOutputStream();
		whole.writeBytes(this.body.toByteArray());
		whole.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
		return whole.toByteArray();
	}

}
