package dev.stowage.upload;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.stowage.file.FileException;
import dev.stowage.file.Purpose;
import dev.stowage.settings.DurationOrNever;
import dev.stowage.settings.InvalidSettingException;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * The limits of uploads, and the lifetimes of the resulting files. Durations without a
 * unit are seconds.
 *
 * @param maxFileSize the largest multipart upload
 * @param uploadUrlTtl how long an upload URL works
 * @param uploadTimeout how long the client of an upload may send nothing; the length of
 * leases follows from it
 * @param presigned limits of the pre-signed flow
 * @param expiry lifetime of files by purpose
 * @param idempotency how repeated requests are recognized
 * @param purposes what uploads through the server may be for, besides what it knows by
 * itself
 */
@ConfigurationProperties("stowage")
public record UploadProperties(@DefaultValue("512MB") DataSize maxFileSize,
		@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("600s") Duration uploadUrlTtl,
		@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("5m") Duration uploadTimeout, @DefaultValue Presigned presigned,
		@DefaultValue Expiry expiry, @DefaultValue Idempotency idempotency, @DefaultValue List<String> purposes) {

	/** The longest that Signature Version 4 allows. */
	private static final Duration MAX_URL_TTL = Duration.ofDays(7);

	private static final long MAX_PRESIGNED_SIZE = 5L << 40;

	private static final int MAX_PURPOSES = 32;

	private static final Pattern PURPOSE = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

	private static final Duration MAX_UPLOAD_TIMEOUT = Duration.ofDays(1);

	public UploadProperties {
		InvalidSettingException.require(maxFileSize.toBytes() > 0, "stowage.max-file-size must be at least one byte");
		InvalidSettingException.require(isSecondOrMore(uploadUrlTtl) && uploadUrlTtl.compareTo(MAX_URL_TTL) <= 0,
				"stowage.upload-url-ttl must be 1s to 7d");
		InvalidSettingException.require(
				isSecondOrMore(uploadTimeout) && uploadTimeout.compareTo(MAX_UPLOAD_TIMEOUT) <= 0,
				"stowage.upload-timeout must be 1s to 1d");
		InvalidSettingException.require(purposes.size() <= MAX_PURPOSES,
				"stowage.purposes must be at most " + MAX_PURPOSES + " names");
		InvalidSettingException.require(purposes.stream().allMatch((name) -> PURPOSE.matcher(name).matches()),
				"stowage.purposes must be names of at most 64 lower-case letters, digits, '_' and '-', such as ocr");
		InvalidSettingException.require(purposes.stream().noneMatch((name) -> Purpose.parse(name).isPresent()),
				"stowage.purposes must not name purposes that this server knows by itself, such as batch");
		InvalidSettingException.require(purposes.stream().distinct().count() == purposes.size(),
				"stowage.purposes must not name a purpose twice");
		purposes = List.copyOf(purposes);
	}

	/** The purposes that the operator allowed, in their order. */
	public List<Purpose> furtherPurposes() {
		return this.purposes.stream().map((name) -> Purpose.valueOf(Purpose.FURTHER + name)).toList();
	}

	/**
	 * Limits of the pre-signed flow.
	 *
	 * @param maxSize the largest file that can be completed
	 * @param completionWindow how long after the end of its URL a file may still be
	 * completed
	 */
	public record Presigned(@DefaultValue("200MB") DataSize maxSize,
			@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("1h") Duration completionWindow) {

		public Presigned {
			InvalidSettingException.require(maxSize.toBytes() > 0,
					"stowage.presigned.max-size must be at least one byte");
			InvalidSettingException.require(maxSize.toBytes() <= MAX_PRESIGNED_SIZE,
					"stowage.presigned.max-size must be at most 5TB, the largest object of S3");
			InvalidSettingException.require(!completionWindow.isNegative(),
					"stowage.presigned.completion-window must not be negative");
		}

		/** Refuses a number of bytes that no file may have. */
		public void requireSize(long bytes) {
			if (bytes < 1 || bytes > this.maxSize.toBytes()) {
				throw new FileException.InvalidParameter("bytes",
						"'bytes' must be from 1 to " + this.maxSize.toBytes() + ".");
			}
		}

	}

	/** Lifetime by purpose, if the client sets none. */
	public record Expiry(@DefaultValue("never") DurationOrNever assistants, @DefaultValue("30d") DurationOrNever batch,
			@DefaultValue("never") DurationOrNever fineTune, @DefaultValue("never") DurationOrNever vision,
			@DefaultValue("never") DurationOrNever userData, @DefaultValue("never") DurationOrNever evals,
			@DefaultValue("30d") DurationOrNever context) {

		public Expiry {
			for (DurationOrNever lasting : List.of(assistants, batch, fineTune, vision, userData, evals, context)) {
				InvalidSettingException.require(lasting.duration().map(UploadProperties::isSecondOrMore).orElse(true),
						"stowage.expiry.* must be at least 1s, or never");
			}
		}

		Optional<Duration> of(Purpose purpose) {
			Map<Purpose, DurationOrNever> configured = Map.of(Purpose.ASSISTANTS, this.assistants, Purpose.BATCH,
					this.batch, Purpose.FINE_TUNE, this.fineTune, Purpose.VISION, this.vision, Purpose.USER_DATA,
					this.userData, Purpose.EVALS, this.evals, Purpose.CONTEXT, this.context);
			// others last as long as their clients say
			return configured.getOrDefault(purpose, DurationOrNever.NEVER).duration();
		}

	}

	/**
	 * How repeated requests are recognized.
	 *
	 * @param ttl how long an {@code Idempotency-Key} is kept
	 */
	public record Idempotency(@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("24h") Duration ttl) {

		/** Databases know for a week which files they had. */
		private static final Duration MAX_TTL = Duration.ofDays(7);

		public Idempotency {
			InvalidSettingException.require(isSecondOrMore(ttl) && ttl.compareTo(MAX_TTL) <= 0,
					"stowage.idempotency.ttl must be 1s to 7d");
		}

	}

	/**
	 * When a file expires; empty: never.
	 * @param asked the lifetime that its client asked for
	 */
	public Optional<Instant> expiry(Instant createdAt, Purpose purpose, Optional<Duration> asked) {
		return asked.or(() -> this.expiry.of(purpose)).map((lifetime) -> createdAt.plusSeconds(lifetime.toSeconds()));
	}

	private static boolean isSecondOrMore(Duration duration) {
		return duration.compareTo(Duration.ofSeconds(1)) >= 0;
	}

}
