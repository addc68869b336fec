package dev.stowage.http;

import jakarta.servlet.ServletRequest;

/** What an answered request has left of its body, and nobody is going to read. */
public final class RestOfBody {

	private static final String LEFT = RestOfBody.class.getName() + ".left";

	private RestOfBody() {
	}

	/** Keeps the container from reading on when the request has been answered. */
	public static void leave(ServletRequest request) {
		request.setAttribute(LEFT, true);
	}

	/** Whether the connection has to close behind the answer. */
	public static boolean isLeft(ServletRequest request) {
		return request.getAttribute(LEFT) != null;
	}

}
