package dev.stowage.upload.pending;

import java.util.Optional;

import dev.stowage.file.FileId;

/**
 * Names an upload in parts. {@code upload_X} becomes {@code file-X}.
 */
public record UploadId(FileId file) {

	private static final String PREFIX = "upload_";

	private static final String FILE_PREFIX = "file-";

	/** Parses an id; empty if it is not well formed. */
	public static Optional<UploadId> parse(String text) {
		return Optional.of(text)
			.filter((id) -> id.startsWith(PREFIX))
			.flatMap((id) -> FileId.parse(FILE_PREFIX + id.substring(PREFIX.length())))
			.map(UploadId::new);
	}

	public String value() {
		return PREFIX + this.file.value().substring(FILE_PREFIX.length());
	}

	@Override
	public String toString() {
		return value();
	}

}
