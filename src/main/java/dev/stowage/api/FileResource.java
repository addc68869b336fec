package dev.stowage.api;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.stowage.file.FileStatus;
import dev.stowage.file.StoredFile;
import dev.stowage.http.audit.Identified;
import org.jspecify.annotations.Nullable;

/**
 * The file object: one shape that satisfies the clients of both families.
 *
 * @param metadata the text of a JSON object, if the client gave one
 */
public record FileResource(String id, String object, long bytes, @JsonProperty("created_at") long createdAt,
		long created, @JsonProperty("expires_at") @Nullable Long expiresAt, String filename, String purpose,
		String status, @JsonProperty("status_details") @Nullable String statusDetails,
		@JsonRawValue @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String metadata) implements Identified {

	public static FileResource of(StoredFile file) {
		long created = file.createdAt().getEpochSecond();
		return new FileResource(file.id().value(), "file", file.bytes(), created, created,
				file.expiresAt().map(Instant::getEpochSecond).orElse(null), file.name().value(),
				file.purpose().wireName(), status(file), null, file.metadata().orElse(null));
	}

	private static String status(StoredFile file) {
		if (file.status() == FileStatus.PENDING) {
			return "pending";
		}
		return Dialect.of(file).available();
	}

}
