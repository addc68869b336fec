package dev.stowage.file;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

import org.springframework.boot.convert.DurationStyle;

/**
 * A configured length of time that may be without end.
 *
 * @param duration empty: for ever
 */
public record Lasting(Optional<Duration> duration) {

	/** Reads a duration such as {@code 30d}, or {@code never}, {@code 0} or {@code -}. */
	public static Lasting of(String text) {
		String trimmed = text.strip();
		if (trimmed.equalsIgnoreCase("never") || trimmed.equals("0") || trimmed.equals("-")) {
			return new Lasting(Optional.empty());
		}
		Duration duration = DurationStyle.detectAndParse(trimmed, ChronoUnit.SECONDS);
		if (duration.isNegative()) {
			throw new IllegalArgumentException("'" + trimmed + "' is negative: for ever is spelled never");
		}
		return new Lasting(Optional.of(duration).filter(Duration::isPositive));
	}

}
