package dev.stowage.upload.parts;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import dev.stowage.settings.InvalidSettingException;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * The limits of uploads in parts. Durations without a unit are seconds.
 *
 * @param uploads the limits
 */
@ConfigurationProperties("stowage")
public record PartProperties(@DefaultValue Uploads uploads) {

	/** As many as a multipart upload of S3 can have. */
	static final int MAX_PARTS = 10_000;

	private static final Duration MAX_LIFE = Duration.ofDays(30);

	/**
	 * Limits of one upload.
	 *
	 * @param maxSize the largest file
	 * @param life how long after its creation it can be completed
	 */
	public record Uploads(@DefaultValue("8GB") DataSize maxSize,
			@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("1h") Duration life) {

		public Uploads {
			InvalidSettingException.require(
					maxSize.toBytes() > 0 && maxSize.toBytes() <= MAX_PARTS * UploadPart.MAX_SIZE,
					"stowage.uploads.max-size must be 1 to " + MAX_PARTS * UploadPart.MAX_SIZE + " bytes: " + MAX_PARTS
							+ " parts of " + UploadPart.MAX_SIZE);
			InvalidSettingException.require(life.compareTo(Duration.ofSeconds(1)) >= 0 && life.compareTo(MAX_LIFE) <= 0,
					"stowage.uploads.life must be 1s to 30d");
		}

	}

}
