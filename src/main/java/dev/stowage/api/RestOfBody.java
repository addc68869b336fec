package dev.stowage.api;

import jakarta.servlet.ServletRequest;

/** What an answered request has left of its body, and nobody is going to read. */
final class RestOfBody {

	private static final String LEFT = RestOfBody.class.getName() + ".left";

	private RestOfBody() {
	}

	/** Keeps the container from reading on when the request has been answered. */
	static void leave(ServletRequest request) {
		request.setAttribute(LEFT, true);
	}

	/** Whether the connection has to close behind the answer. */
	static boolean isLeft(ServletRequest request) {
		return request.getAttribute(LEFT) != null;
	}

}
