package dev.stowage.api.admin;

import java.util.OptionalLong;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.quota.Quota;
import org.jspecify.annotations.Nullable;

/** How much a project may have; null: any number. */
record QuotaResource(String object, @JsonProperty("max_files") @Nullable Long maxFiles,
		@JsonProperty("max_bytes") @Nullable Long maxBytes, @JsonProperty("max_file_size") @Nullable Long maxFileSize) {

	static QuotaResource of(Quota quota) {
		return new QuotaResource("organization.project.quota", orNull(quota.maxFiles()), orNull(quota.maxBytes()),
				orNull(quota.maxFileSize()));
	}

	private static @Nullable Long orNull(OptionalLong limit) {
		return limit.isPresent() ? limit.getAsLong() : null;
	}

}
