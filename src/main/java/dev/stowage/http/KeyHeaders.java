package dev.stowage.http;

import java.util.List;

import jakarta.servlet.http.HttpServletRequest;

/** Headers that hold nothing but a key, beside {@code Authorization}. */
public final class KeyHeaders {

	public static final List<String> NAMES = List.of("x-api-key", "api-key");

	private KeyHeaders() {
	}

	/** Whether a request has any of them. */
	public static boolean areIn(HttpServletRequest request) {
		return NAMES.stream().anyMatch((name) -> request.getHeader(name) != null);
	}

}
