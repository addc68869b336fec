package dev.stowage.faults;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The answer to a client. */
final class Reply {

	private static final JsonMapper json = new JsonMapper();

	private static final int SHOWN = 500;

	private final int status;

	private final Optional<String> retryAfter;

	private final byte[] body;

	Reply(int status, Optional<String> retryAfter, byte[] body) {
		this.status = status;
		this.retryAfter = retryAfter;
		this.body = body;
	}

	int status() {
		return this.status;
	}

	Optional<String> retryAfter() {
		return this.retryAfter;
	}

	byte[] body() {
		return this.body;
	}

	JsonNode json() {
		return json.readTree(this.body);
	}

	/** A member of the JSON body. */
	String text(String member) {
		return json().path(member).asString();
	}

	@Override
	public String toString() {
		return this.status + " " + new String(this.body, 0, Math.min(this.body.length, SHOWN), StandardCharsets.UTF_8);
	}

}
