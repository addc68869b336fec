package dev.stowage.api.admin;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.keys.ManagedKey;
import dev.stowage.keys.ServiceAccount;
import dev.stowage.owner.Scope;
import org.jspecify.annotations.Nullable;

/** A key, as OpenAI's API shows it, and what it allows. */
record KeyResource(String object, @JsonProperty("redacted_value") String redacted, String name,
		@JsonProperty("created_at") long createdAt, @JsonProperty("last_used_at") @Nullable Long lastUsedAt, String id,
		KeyOwner owner, List<String> scopes, @JsonProperty("expires_at") @Nullable Long expiresAt) {

	static KeyResource of(ManagedKey key, Optional<ServiceAccount> account) {
		return new KeyResource("organization.project.api_key", "sk-" + key.id() + "…", key.name(),
				key.createdAt().getEpochSecond(), key.lastUsedAt().map(Instant::getEpochSecond).orElse(null), key.id(),
				new KeyOwner("service_account", account.map(ServiceAccountResource::of).orElse(null)),
				key.scopes().stream().map(Scope::wireName).sorted().toList(),
				key.expiresAt().map(Instant::getEpochSecond).orElse(null));
	}

	/** Whose key it is; a key of the command line belongs to no account. */
	record KeyOwner(String type, @JsonProperty("service_account") @Nullable ServiceAccountResource account) {
	}

}
