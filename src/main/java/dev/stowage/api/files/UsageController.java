package dev.stowage.api.files;

import dev.stowage.owner.Owner;
import dev.stowage.quota.Quotas;

import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows owners how much they have, and how much they may have. */
@RestController
class UsageController {

	private final Quotas quotas;

	UsageController(Quotas quotas) {
		this.quotas = quotas;
	}

	@GetMapping("/v1/usage")
	OwnUsageResource usage(@AuthenticationPrincipal Owner owner) {
		return OwnUsageResource.of(this.quotas.usage(owner), this.quotas.of(owner), this.quotas.usageByPurpose(owner));
	}

}
