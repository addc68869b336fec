package dev.stowage.api.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.owner.Limits;

/** How much a project may ask of one instance; 0: any number. */
record RateLimitResource(String object, String id, String model,
		@JsonProperty("max_requests_per_1_minute") int requestsPerMinute,
		@JsonProperty("max_uploads_at_once") int uploadsAtOnce) {

	static final String ID = "rl-files";

	static RateLimitResource of(Limits limits) {
		return new RateLimitResource("project.rate_limit", ID, "files", limits.requestsPerMinute(),
				limits.uploadsAtOnce());
	}

}
