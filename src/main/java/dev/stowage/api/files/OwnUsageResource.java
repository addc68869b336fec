package dev.stowage.api.files;

import java.util.List;
import java.util.OptionalLong;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.quota.PurposeUsage;
import dev.stowage.quota.Quota;
import dev.stowage.quota.Usage;

/**
 * How much an owner has: all that counts, its quota (null: any number), and by purpose
 * what is available.
 */
record OwnUsageResource(String object, long files, long bytes, @JsonProperty("max_files") OptionalLong maxFiles,
		@JsonProperty("max_bytes") OptionalLong maxBytes, @JsonProperty("max_file_size") OptionalLong maxFileSize,
		@JsonProperty("by_purpose") List<PurposeUsage> byPurpose) {

	static OwnUsageResource of(Usage usage, Quota quota, List<PurposeUsage> byPurpose) {
		return new OwnUsageResource("usage", usage.files(), usage.bytes(), quota.maxFiles(), quota.maxBytes(),
				quota.maxFileSize(), byPurpose);
	}

}
