package dev.stowage.api.admin;

import java.util.OptionalLong;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.quota.Quota;

/** How much a project may have; null: any number. */
record QuotaResource(String object, @JsonProperty("max_files") OptionalLong maxFiles,
		@JsonProperty("max_bytes") OptionalLong maxBytes, @JsonProperty("max_file_size") OptionalLong maxFileSize) {

	static QuotaResource of(Quota quota) {
		return new QuotaResource("organization.project.quota", quota.maxFiles(), quota.maxBytes(), quota.maxFileSize());
	}

}
