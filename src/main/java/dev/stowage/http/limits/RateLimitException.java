package dev.stowage.http.limits;

import java.util.concurrent.ThreadLocalRandom;

/** An owner has reached one of its limits. */
final class RateLimitException extends RuntimeException {

	static final String CODE = "rate_limit_exceeded";

	private static final int MAX_SECONDS = 10;

	private final long retryAfterSeconds;

	private RateLimitException(String message, long retryAfterSeconds) {
		super(message);
		this.retryAfterSeconds = retryAfterSeconds;
	}

	static RateLimitException ofRequests(Allowance allowance) {
		long seconds = RateLimitHeaders.wholeSeconds(allowance.untilNext());
		return new RateLimitException("Rate limit reached: requests are limited to " + allowance.limit()
				+ " a minute. Please try again in " + seconds + " s.", seconds);
	}

	/** The time is random, so that clients refused together do not return together. */
	static RateLimitException ofUploads(int limit) {
		return new RateLimitException(
				"Rate limit reached: uploads are limited to " + limit
						+ " at the same time. Please try again when one of yours has ended.",
				1 + ThreadLocalRandom.current().nextInt(MAX_SECONDS));
	}

	/** How long the client should wait; at least 1. */
	long retryAfterSeconds() {
		return this.retryAfterSeconds;
	}

}
