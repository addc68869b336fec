package dev.stowage.api.admin;

import java.io.IOException;
import java.io.InputStream;

import dev.stowage.api.RequestException;
import dev.stowage.keys.ServiceAccount;
import dev.stowage.keys.ServiceAccounts;
import dev.stowage.owner.Owner;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Creates, lists and removes service accounts of a project, and makes their keys. */
@RestController
@RequestMapping("/v1/organization/projects/{project}/service_accounts")
class ServiceAccountController {

	private final ServiceAccounts accounts;

	private final ProjectPath path;

	ServiceAccountController(ServiceAccounts accounts, ProjectPath path) {
		this.accounts = accounts;
		this.path = path;
	}

	@GetMapping
	ListResource<ServiceAccountResource> list(@PathVariable String project, @RequestParam @Nullable String after,
			@RequestParam @Nullable String limit) {
		Owner owner = this.path.find(project).owner();
		PageQuery page = PageQuery.of(after, limit);
		return ListResource.of(this.accounts.list(owner, page.after(), page.lookAhead()), page.limit(),
				ServiceAccountResource::of, ServiceAccount::id);
	}

	@PostMapping
	ServiceAccountResource create(@PathVariable String project, InputStream body) throws IOException {
		Owner owner = this.path.findActive(project).owner();
		AdminBody asked = AdminBody.read(body);
		return ServiceAccountResource
			.of(AdminBody.make(() -> this.accounts.create(owner, asked.name(), asked.scopes())));
	}

	@GetMapping("/{account}")
	ServiceAccountResource get(@PathVariable String project, @PathVariable String account) {
		return ServiceAccountResource.of(find(this.path.find(project).owner(), account));
	}

	@DeleteMapping("/{account}")
	RemovedResource remove(@PathVariable String project, @PathVariable String account) {
		if (!this.accounts.remove(this.path.find(project).owner(), account)) {
			throw missing();
		}
		return RemovedResource.of("service_account", account);
	}

	@PostMapping("/{account}/api_keys")
	NewKeyResource addKey(@PathVariable String project, @PathVariable String account, InputStream body)
			throws IOException {
		ServiceAccount found = find(this.path.findActive(project).owner(), account);
		AdminBody asked = AdminBody.read(body);
		return NewKeyResource
			.of(AdminBody.make(() -> this.accounts.addKey(found, asked.nameOr(found.name()), asked.scopes())));
	}

	private ServiceAccount find(Owner owner, String account) {
		return this.accounts.find(owner, account).orElseThrow(ServiceAccountController::missing);
	}

	private static RequestException missing() {
		return new RequestException(HttpStatus.NOT_FOUND, "service_account_not_found", "service_account_id",
				"The project has no service account with this id.");
	}

}
