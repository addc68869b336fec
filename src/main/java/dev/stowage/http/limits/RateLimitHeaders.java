package dev.stowage.http.limits;

import java.time.Duration;
import java.util.List;

import jakarta.servlet.http.HttpServletResponse;

/** The headers by which OpenAI's clients learn what is left of their limit. */
public final class RateLimitHeaders {

	static final String LIMIT = "x-ratelimit-limit-requests";

	static final String REMAINING = "x-ratelimit-remaining-requests";

	static final String RESET = "x-ratelimit-reset-requests";

	/** All of them. */
	public static final List<String> NAMES = List.of(LIMIT, REMAINING, RESET);

	private static final int SECOND = 1_000;

	private static final int MINUTE = 60;

	private RateLimitHeaders() {
	}

	static void write(Allowance allowance, HttpServletResponse response) {
		response.setHeader(LIMIT, String.valueOf(allowance.limit()));
		response.setHeader(REMAINING, String.valueOf(allowance.remaining()));
		response.setHeader(RESET, text(allowance.untilFull()));
	}

	/**
	 * As OpenAI writes durations: {@code 120ms}, {@code 7s} or {@code 6m0s}; rounded up.
	 */
	static String text(Duration duration) {
		long millis = duration.plusNanos(999_999).toMillis();
		if (millis > 0 && millis < SECOND) {
			return millis + "ms";
		}
		long seconds = duration.plusNanos(999_999_999).toSeconds();
		return (seconds < MINUTE) ? seconds + "s" : seconds / MINUTE + "m" + seconds % MINUTE + "s";
	}

	/** For {@code Retry-After}: rounded up, and at least 1. */
	static long wholeSeconds(Duration duration) {
		return Math.max(1, duration.plusNanos(999_999_999).toSeconds());
	}

}
