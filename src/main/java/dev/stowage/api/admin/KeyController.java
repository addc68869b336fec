package dev.stowage.api.admin;

import java.util.Optional;

import dev.stowage.api.RequestException;
import dev.stowage.keys.Keys;
import dev.stowage.keys.ManagedKey;
import dev.stowage.keys.ServiceAccounts;
import dev.stowage.owner.Owner;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists and revokes the keys of a project. */
@RestController
@RequestMapping("/v1/organization/projects/{project}/api_keys")
class KeyController {

	private final Keys keys;

	private final ServiceAccounts accounts;

	private final ProjectPath path;

	KeyController(Keys keys, ServiceAccounts accounts, ProjectPath path) {
		this.keys = keys;
		this.accounts = accounts;
		this.path = path;
	}

	@GetMapping
	ListResource<KeyResource> list(@PathVariable String project, @RequestParam @Nullable String after,
			@RequestParam @Nullable String limit) {
		Owner owner = this.path.find(project).owner();
		PageQuery page = PageQuery.of(after, limit);
		return ListResource.of(this.keys.list(Optional.of(owner), page.after(), page.lookAhead()), page.limit(),
				this::resource, ManagedKey::id);
	}

	@GetMapping("/{key}")
	KeyResource get(@PathVariable String project, @PathVariable String key) {
		return resource(find(project, key));
	}

	/** The key opens nothing any more. */
	@DeleteMapping("/{key}")
	RemovedResource revoke(@PathVariable String project, @PathVariable String key) {
		this.keys.revoke(find(project, key).id());
		return RemovedResource.of("api_key", key);
	}

	private ManagedKey find(String project, String key) {
		Owner owner = this.path.find(project).owner();
		return this.keys.find(key)
			.filter((found) -> found.owner().equals(owner))
			.orElseThrow(() -> new RequestException(HttpStatus.NOT_FOUND, "api_key_not_found", "key_id",
					"The project has no key with this id."));
	}

	private KeyResource resource(ManagedKey key) {
		return KeyResource.of(key, key.account().flatMap((account) -> this.accounts.find(key.owner(), account)));
	}

}
