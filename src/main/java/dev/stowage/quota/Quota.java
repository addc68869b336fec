package dev.stowage.quota;

import java.util.OptionalLong;

/**
 * How much an owner may have. What is empty has no limit.
 *
 * @param maxFiles how many files, pending ones included
 * @param maxBytes of all of them together
 * @param maxFileSize bytes of one file
 */
public record Quota(OptionalLong maxFiles, OptionalLong maxBytes, OptionalLong maxFileSize) {

	public static final Quota NONE = new Quota(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

	public Quota {
		if (maxFiles.orElse(0) < 0 || maxBytes.orElse(0) < 0 || maxFileSize.orElse(0) < 0) {
			throw new IllegalArgumentException("A limit must not be negative");
		}
	}

	/** The same, with the limits of another where this one has none. */
	Quota or(Quota usual) {
		return new Quota(this.maxFiles.isPresent() ? this.maxFiles : usual.maxFiles,
				this.maxBytes.isPresent() ? this.maxBytes : usual.maxBytes,
				this.maxFileSize.isPresent() ? this.maxFileSize : usual.maxFileSize);
	}

}
