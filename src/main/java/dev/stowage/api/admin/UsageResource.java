package dev.stowage.api.admin;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.quota.PurposeUsage;
import dev.stowage.quota.Usage;

/** How much a project has: all that counts, and by purpose what is available. */
record UsageResource(String object, long files, long bytes, @JsonProperty("by_purpose") List<PurposeUsage> byPurpose) {

	static UsageResource of(Usage usage, List<PurposeUsage> byPurpose) {
		return new UsageResource("organization.project.usage", usage.files(), usage.bytes(), byPurpose);
	}

}
