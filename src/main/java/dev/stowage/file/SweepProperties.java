package dev.stowage.file;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * When the sweeper stops because something looks wrong.
 *
 * @param sweep its limits
 */
@ConfigurationProperties("stowage")
public record SweepProperties(@DefaultValue Sweep sweep) {

	/**
	 * The limits of a round.
	 *
	 * @param maxClockJump by how much this machine's clock may move between two rounds,
	 * beside the time that passes
	 * @param maxShare the largest share of all files that one round removes because they
	 * expired; 1: any
	 * @param usualCount so many expired files are removed whatever their share
	 */
	public record Sweep(@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("1h") Duration maxClockJump,
			@DefaultValue("0.5") double maxShare, @DefaultValue("1000") int usualCount) {

		public Sweep {
			require(maxClockJump.isPositive(), "stowage.sweep.max-clock-jump must be more than 0s");
			require(maxShare >= 0 && maxShare <= 1, "stowage.sweep.max-share must be 0 to 1");
			require(usualCount >= 0, "stowage.sweep.usual-count must not be negative");
		}

		private static void require(boolean condition, String message) {
			if (!condition) {
				throw new IllegalArgumentException(message);
			}
		}

	}

}
