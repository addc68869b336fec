package dev.stowage.api.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.http.audit.Identified;
import dev.stowage.keys.ServiceAccount;
import dev.stowage.keys.ServiceAccounts;
import org.jspecify.annotations.Nullable;

/** A service account, as OpenAI's API shows it; with its key only when it is created. */
record ServiceAccountResource(String id, String object, String name, String role,
		@JsonProperty("created_at") long createdAt,
		@JsonProperty("api_key") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable NewKeyResource key)
		implements
			Identified {

	static ServiceAccountResource of(ServiceAccount account) {
		return of(account, null);
	}

	static ServiceAccountResource of(ServiceAccounts.Created created) {
		return of(created.account(), NewKeyResource.of(created.key()));
	}

	private static ServiceAccountResource of(ServiceAccount account, @Nullable NewKeyResource key) {
		return new ServiceAccountResource(account.id(), "organization.project.service_account", account.name(),
				"member", account.createdAt().getEpochSecond(), key);
	}

	/** A new one is made for its key. */
	@Override
	public String loggedId() {
		return (this.key != null) ? this.key.id() : this.id;
	}

}
