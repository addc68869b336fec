package dev.stowage.api.files;

import java.util.List;
import java.util.OptionalLong;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.quota.PurposeUsage;
import dev.stowage.quota.Quota;
import dev.stowage.quota.Usage;
import org.jspecify.annotations.Nullable;

/**
 * How much an owner has: all that counts, its quota (null: any number), and by purpose
 * what is available.
 */
record OwnUsageResource(String object, long files, long bytes, @JsonProperty("max_files") @Nullable Long maxFiles,
		@JsonProperty("max_bytes") @Nullable Long maxBytes, @JsonProperty("max_file_size") @Nullable Long maxFileSize,
		@JsonProperty("by_purpose") List<OfPurpose> byPurpose) {

	static OwnUsageResource of(Usage usage, Quota quota, List<PurposeUsage> byPurpose) {
		return new OwnUsageResource("usage", usage.files(), usage.bytes(), orNull(quota.maxFiles()),
				orNull(quota.maxBytes()), orNull(quota.maxFileSize()), byPurpose.stream().map(OfPurpose::of).toList());
	}

	private static @Nullable Long orNull(OptionalLong limit) {
		return limit.isPresent() ? limit.getAsLong() : null;
	}

	/** What it has for one purpose. */
	record OfPurpose(String purpose, long files, long bytes) {

		private static OfPurpose of(PurposeUsage usage) {
			return new OfPurpose(usage.purpose(), usage.files(), usage.bytes());
		}

	}

}
