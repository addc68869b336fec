package dev.stowage.upload.parts;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.stowage.file.FileId;

/** Names a part of an upload, like a {@link FileId}. */
public record PartId(String value) {

	private static final String PREFIX = "part_";

	private static final Pattern WELL_FORMED = Pattern.compile("part_[0-9A-Za-z]{24,64}");

	/** Parses an id; empty if it is not well formed. */
	public static Optional<PartId> parse(String text) {
		return WELL_FORMED.matcher(text).matches() ? Optional.of(new PartId(text)) : Optional.empty();
	}

	static PartId createdAt(Instant time) {
		return new PartId(FileId.createdAt(time).value().replace("file-", PREFIX));
	}

	@Override
	public String toString() {
		return this.value;
	}

}
