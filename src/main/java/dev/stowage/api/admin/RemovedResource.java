package dev.stowage.api.admin;

import dev.stowage.http.audit.Identified;

/** What was removed. */
record RemovedResource(String object, String id, boolean deleted) implements Identified {

	static RemovedResource of(String kind, String id) {
		return new RemovedResource("organization.project." + kind + ".deleted", id, true);
	}

}
