package dev.stowage.support;

import tools.jackson.databind.JsonNode;

/** Makes projects and their keys by the administration of a server. */
public record Projects(StowageServer server) {

	public static final String PATH = "/v1/organization/projects";

	/** The operator. */
	public Caller admin() {
		return this.server.with(StowageServer.ADMIN);
	}

	/** Makes a project without files, and returns its id. */
	public String create(String name) {
		return admin().post(PATH, "{\"name\": \"" + name + "\"}").text("id");
	}

	/**
	 * Makes a key of a project, and returns its text.
	 * @param more members of the request, each behind a comma
	 */
	public String key(String project, String more) {
		JsonNode account = admin().post(PATH + "/" + project + "/service_accounts", "{\"name\": \"app\"" + more + "}")
			.json();
		return account.at("/api_key/value").asString();
	}

}
