package dev.stowage.upload.pending;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

import dev.stowage.file.FileStatus;

/** The state of an upload that takes more than one request. */
public enum UploadStatus {

	/** Takes bytes, and can be completed. */
	PENDING,

	/** Its file exists. */
	COMPLETED,

	/** Its client ended it. */
	CANCELLED,

	/** It was not completed in time. */
	EXPIRED;

	/**
	 * How long after its end an upload is known, and the sweeper looks for bytes that
	 * were still on their way.
	 */
	public static final Duration KNOWN = Duration.ofDays(1);

	/**
	 * What the row of its file says of an upload.
	 * @param expiresAt when it ends if it was not completed
	 * @param isCancelled whether its client ended it
	 */
	public static UploadStatus of(FileStatus file, Instant expiresAt, boolean isCancelled, Instant now) {
		return switch (file) {
			case PENDING -> now.isBefore(expiresAt) ? PENDING : EXPIRED;
			case AVAILABLE -> COMPLETED;
			case DELETING -> isCancelled ? CANCELLED : EXPIRED;
		};
	}

	/** The name in answers. */
	public String wireName() {
		return name().toLowerCase(Locale.ROOT);
	}

}
