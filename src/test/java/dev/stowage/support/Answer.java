package dev.stowage.support;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server answered. */
public record Answer(HttpResponse<byte[]> response) {

	private static final JsonMapper json = new JsonMapper();

	public int status() {
		return this.response.statusCode();
	}

	public byte[] bytes() {
		return this.response.body();
	}

	public String body() {
		return new String(this.response.body(), StandardCharsets.UTF_8);
	}

	public Optional<String> header(String name) {
		return this.response.headers().firstValue(name);
	}

	public JsonNode json() {
		return json.readTree(this.response.body());
	}

	/** A member of the JSON body, as text. */
	public String text(String member) {
		return json().path(member).asString();
	}

	/** The ids in a listing, in order. */
	public List<String> ids() {
		return json().path("data").valueStream().map((file) -> file.path("id").asString()).toList();
	}

	@Override
	public String toString() {
		return status() + " " + body();
	}

}
