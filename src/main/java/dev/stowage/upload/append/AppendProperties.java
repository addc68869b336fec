package dev.stowage.upload.append;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import dev.stowage.settings.InvalidSettingException;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * The limits of uploads that continue after a break. Durations without a unit are
 * seconds.
 *
 * @param resumable the limits
 */
@ConfigurationProperties("stowage")
public record AppendProperties(@DefaultValue Resumable resumable) {

	private static final Duration LONGEST = Duration.ofDays(30);

	/** The largest object of S3. */
	private static final long LARGEST = 5L << 40;

	/**
	 * Limits of one upload.
	 *
	 * @param maxAge how long after its last byte it can be continued
	 * @param maxSize the largest file; less if the heap is too small for it
	 * @param interimResponses whether clients that announce that they read them get
	 * interim responses, 104
	 */
	public record Resumable(@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("24h") Duration maxAge,
			@DefaultValue("100GB") DataSize maxSize, @DefaultValue("true") boolean interimResponses) {

		public Resumable {
			InvalidSettingException.require(
					maxAge.compareTo(Duration.ofSeconds(1)) >= 0 && maxAge.compareTo(LONGEST) <= 0,
					"stowage.resumable.max-age must be 1s to 30d");
			InvalidSettingException.require(maxSize.toBytes() > 0 && maxSize.toBytes() <= LARGEST,
					"stowage.resumable.max-size must be 1 byte to 5TB, the largest object of S3");
		}

	}

}
