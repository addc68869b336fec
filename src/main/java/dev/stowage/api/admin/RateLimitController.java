package dev.stowage.api.admin;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

import dev.stowage.api.RequestException;
import dev.stowage.owner.LimitsOf;
import dev.stowage.owner.Owner;
import dev.stowage.quota.Quotas;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Shows and sets how much a project may ask of one instance. OpenAI has a limit for each
 * model; this server has one, for files.
 */
@RestController
@RequestMapping("/v1/organization/projects/{project}/rate_limits")
class RateLimitController {

	private final Quotas quotas;

	private final LimitsOf limits;

	private final ProjectPath path;

	RateLimitController(Quotas quotas, LimitsOf limits, ProjectPath path) {
		this.quotas = quotas;
		this.limits = limits;
		this.path = path;
	}

	@GetMapping
	ListResource<RateLimitResource> list(@PathVariable String project) {
		Owner owner = this.path.find(project).owner();
		return ListResource.of(List.of(this.limits.of(owner)), 1, RateLimitResource::of, (any) -> RateLimitResource.ID);
	}

	@PostMapping("/{limit}")
	RateLimitResource set(@PathVariable String project, @PathVariable String limit, InputStream body)
			throws IOException {
		Owner owner = this.path.find(project).owner();
		if (!limit.equals(RateLimitResource.ID)) {
			throw new RequestException(HttpStatus.NOT_FOUND, "rate_limit_not_found", "rate_limit_id",
					"The only rate limit of a project is '" + RateLimitResource.ID + "'.");
		}
		AdminBody asked = AdminBody.readLimits(body);
		this.quotas.change(owner, (own) -> own.with(asked.count("max_requests_per_1_minute", own.requestsPerMinute()),
				asked.count("max_uploads_at_once", own.uploadsAtOnce())));
		return RateLimitResource.of(this.limits.of(owner));
	}

}
