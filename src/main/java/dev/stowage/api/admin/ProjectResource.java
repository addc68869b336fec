package dev.stowage.api.admin;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.http.audit.Identified;
import dev.stowage.owner.Project;
import org.jspecify.annotations.Nullable;

/** A project, as OpenAI's API shows it. */
record ProjectResource(String id, String object, String name, @JsonProperty("created_at") long createdAt,
		@JsonProperty("archived_at") @Nullable Long archivedAt, String status) implements Identified {

	static ProjectResource of(Project project) {
		return new ProjectResource(project.owner().name(), "organization.project", project.title(),
				project.createdAt().getEpochSecond(), project.archivedAt().map(Instant::getEpochSecond).orElse(null),
				project.archivedAt().isPresent() ? "archived" : "active");
	}

}
