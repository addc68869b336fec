package dev.stowage.api.admin;

/** What was removed. */
record RemovedResource(String object, String id, boolean deleted) {

	static RemovedResource of(String kind, String id) {
		return new RemovedResource("organization.project." + kind + ".deleted", id, true);
	}

}
