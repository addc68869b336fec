package dev.stowage.upload.parts;

import java.util.Locale;

/** The state of an upload in parts. */
public enum UploadStatus {

	/** Takes parts, and can be completed. */
	PENDING,

	/** Its file exists. */
	COMPLETED,

	/** Its client ended it. */
	CANCELLED,

	/** It was not completed in time. */
	EXPIRED;

	/** The name in answers. */
	public String wireName() {
		return name().toLowerCase(Locale.ROOT);
	}

}
