package dev.stowage.sweep;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

import dev.stowage.settings.DurationOrNever;
import dev.stowage.settings.InvalidSettingException;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * When the sweeper runs, and when it stops because something looks wrong.
 *
 * @param sweepInterval time between two sweeps; none: this instance does not sweep
 * @param sweep its limits
 */
@ConfigurationProperties("stowage")
public record SweepProperties(@DefaultValue("60s") DurationOrNever sweepInterval, @DefaultValue Sweep sweep) {

	public SweepProperties {
		InvalidSettingException.require(sweepInterval.duration().map((interval) -> !interval.isNegative()).orElse(true),
				"stowage.sweep-interval must not be negative");
	}

	/** How often to sweep, if at all. */
	Optional<Duration> sweepEvery() {
		return this.sweepInterval.duration().filter(Duration::isPositive);
	}

	/**
	 * The limits of a round.
	 *
	 * @param maxClockJump how far this machine's clock may deviate from the passed time
	 * between two rounds
	 * @param maxShare the largest share of all files that one round removes because they
	 * expired; 1: any share
	 * @param usualCount up to this many expired files are removed regardless of their
	 * share
	 */
	public record Sweep(@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("1h") Duration maxClockJump,
			@DefaultValue("0.5") double maxShare, @DefaultValue("1000") int usualCount) {

		public Sweep {
			InvalidSettingException.require(maxClockJump.isPositive(),
					"stowage.sweep.max-clock-jump must be more than 0s");
			InvalidSettingException.require(maxShare >= 0 && maxShare <= 1, "stowage.sweep.max-share must be 0 to 1");
			InvalidSettingException.require(usualCount >= 0, "stowage.sweep.usual-count must not be negative");
		}

	}

}
