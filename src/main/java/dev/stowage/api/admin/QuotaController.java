package dev.stowage.api.admin;

import java.io.IOException;
import java.io.InputStream;

import dev.stowage.owner.Owner;
import dev.stowage.quota.Quota;
import dev.stowage.quota.Quotas;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows and sets how much a project may have, and shows how much it has. */
@RestController
@RequestMapping("/v1/organization/projects/{project}")
class QuotaController {

	private final Quotas quotas;

	private final ProjectPath path;

	QuotaController(Quotas quotas, ProjectPath path) {
		this.quotas = quotas;
		this.path = path;
	}

	@GetMapping("/quota")
	QuotaResource get(@PathVariable String project) {
		return QuotaResource.of(this.quotas.of(this.path.find(project).owner()));
	}

	@PostMapping("/quota")
	QuotaResource set(@PathVariable String project, InputStream body) throws IOException {
		Owner owner = this.path.find(project).owner();
		AdminBody asked = AdminBody.readLimits(body);
		this.quotas.change(owner, (own) -> {
			Quota its = own.quota();
			return own.with(new Quota(asked.size("max_files", its.maxFiles()), asked.size("max_bytes", its.maxBytes()),
					asked.size("max_file_size", its.maxFileSize())));
		});
		return QuotaResource.of(this.quotas.of(owner));
	}

	@GetMapping("/usage")
	UsageResource usage(@PathVariable String project) {
		Owner owner = this.path.find(project).owner();
		return UsageResource.of(this.quotas.usage(owner), this.quotas.usageByPurpose(owner));
	}

}
