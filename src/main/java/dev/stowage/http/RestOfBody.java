package dev.stowage.http;

import jakarta.servlet.ServletRequest;

/** The unread rest of the body of a request that was answered. */
public final class RestOfBody {

	private static final String LEFT = RestOfBody.class.getName() + ".left";

	private RestOfBody() {
	}

	/** Keeps the container from reading the rest after the request was answered. */
	public static void leave(ServletRequest request) {
		request.setAttribute(LEFT, true);
	}

	/** Whether the connection has to close behind the answer. */
	public static boolean isLeft(ServletRequest request) {
		return request.getAttribute(LEFT) != null;
	}

}
