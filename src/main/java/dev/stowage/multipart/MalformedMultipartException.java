package dev.stowage.multipart;

import java.io.IOException;

/**
 * Says, in words meant for the client, why a body is not the multipart/form-data that it
 * claims to be.
 */
public final class MalformedMultipartException extends IOException {

	private static final int MAX_QUOTED = 40;

	MalformedMultipartException(String message) {
		super(message);
	}

	/**
	 * Makes a client's text fit for a message and for a log line: short, printable ASCII.
	 */
	static String quoted(String text) {
		StringBuilder quoted = new StringBuilder(MAX_QUOTED + 3).append('\'');
		int end = Math.min(text.length(), MAX_QUOTED);
		for (int i = 0; i < end; i++) {
			char c = text.charAt(i);
			quoted.append((c < ' ' || c > '~') ? '?' : c);
		}
		return quoted.append((end < text.length()) ? "...'" : "'").toString();
	}

}
