package dev.stowage.api.admin;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.http.audit.Identified;
import dev.stowage.keys.NewKey;
import dev.stowage.owner.Scope;

/** A key that was made just now; its value is shown this once. */
record NewKeyResource(String object, String value, String name, @JsonProperty("created_at") long createdAt, String id,
		List<String> scopes) implements Identified {

	static NewKeyResource of(NewKey made) {
		return new NewKeyResource("organization.project.service_account.api_key", made.text(), made.key().name(),
				made.key().createdAt().getEpochSecond(), made.key().id(),
				made.key().scopes().stream().map(Scope::wireName).sorted().toList());
	}

	/** Reveals nothing secret. */
	@Override
	public String toString() {
		return "NewKeyResource[" + this.id + "]";
	}

}
