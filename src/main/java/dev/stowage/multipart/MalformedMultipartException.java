package dev.stowage.multipart;

import java.io.IOException;

/**
 * Why a body is not valid multipart/form-data. The message is for the client.
 */
public final class MalformedMultipartException extends IOException {

	private static final int MAX_QUOTED = 40;

	MalformedMultipartException(String message) {
		super(message);
	}

	/**
	 * Makes a client's text safe for a message and a log line: short, printable ASCII.
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
