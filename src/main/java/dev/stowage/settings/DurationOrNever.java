package dev.stowage.settings;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

import org.springframework.boot.convert.DurationStyle;

/**
 * A configured length of time that may be unlimited.
 *
 * @param duration empty: never ends
 */
public record DurationOrNever(Optional<Duration> duration) {

	/** Unlimited. */
	public static final DurationOrNever NEVER = new DurationOrNever(Optional.empty());

	/**
	 * Reads a duration such as {@code 30d}, or {@code never} or {@code -} for an
	 * unlimited one.
	 */
	public static DurationOrNever of(String text) {
		String trimmed = text.strip();
		if (trimmed.equalsIgnoreCase("never") || trimmed.equals("-")) {
			return NEVER;
		}
		return new DurationOrNever(Optional.of(DurationStyle.detectAndParse(trimmed, ChronoUnit.SECONDS)));
	}

}
