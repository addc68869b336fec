package dev.stowage.api.anthropic;

import java.util.Collections;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.util.StringUtils;

/** What the headers of this family say. */
final class Anthropic {

	/** Its clients send it with every request. Its value makes no difference here. */
	static final String VERSION = "anthropic-version";

	/** The id of a request, as its clients look for it. */
	static final String REQUEST_ID = "request-id";

	private static final String BETA = "anthropic-beta";

	/** The files of the time before the API was generally available. */
	private static final String FIRST_FILES = "files-api-2025-04-14";

	private Anthropic() {
	}

	static boolean isSpokenIn(HttpServletRequest request) {
		return request.getHeader(VERSION) != null;
	}

	/** Whether the client reads lists as they were before. */
	static boolean isBeta(HttpServletRequest request) {
		return Collections.list(request.getHeaders(BETA))
			.stream()
			.flatMap((header) -> StringUtils.commaDelimitedListToSet(header).stream())
			.anyMatch((beta) -> beta.strip().equals(FIRST_FILES));
	}

}
