package dev.stowage.http.audit;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.stowage.http.KeyHeaders;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * What a request did, by its route. Routes that only show what is known are no action.
 */
final class Action {

	private static final String PROJECT = "/v1/organization/projects/{project}";

	private static final Map<String, String> BY_ROUTE = Map.ofEntries(Map.entry("POST /v1/files", "file.create"),
			Map.entry("GET /v1/files/{id}/upload_urls", "file.grant"),
			Map.entry("POST /v1/files/{id}/complete", "file.complete"),
			Map.entry("GET /v1/files/{id}/content", "file.read"), Map.entry("GET /v1/files/{id}/url", "file.link"),
			Map.entry("DELETE /v1/files/{id}", "file.delete"), Map.entry("POST /v1/uploads", "upload.create"),
			Map.entry("POST /v1/uploads/{id}/complete", "file.complete"),
			Map.entry("POST /v1/uploads/{id}/cancel", "upload.cancel"),
			Map.entry("DELETE /v1/uploads/{id}", "upload.cancel"),
			Map.entry("POST /v1/organization/projects", "project.create"),
			Map.entry("POST " + PROJECT, "project.rename"),
			Map.entry("POST " + PROJECT + "/archive", "project.archive"),
			Map.entry("POST " + PROJECT + "/service_accounts", "key.create"),
			Map.entry("DELETE " + PROJECT + "/service_accounts/{account}", "key.revoke"),
			Map.entry("POST " + PROJECT + "/service_accounts/{account}/api_keys", "key.create"),
			Map.entry("DELETE " + PROJECT + "/api_keys/{key}", "key.revoke"),
			Map.entry("POST " + PROJECT + "/quota", "quota.change"),
			Map.entry("POST " + PROJECT + "/rate_limits/{limit}", "limit.change"));

	/** Why a key or a token opens nothing. */
	private static final Set<String> REFUSALS = Set.of("invalid_api_key", "invalid_token", "insufficient_scope",
			"issuer_unavailable");

	/** The answer to the last request of an upload that continues. */
	static final String FILE_ID = "Stowage-File-Id";

	private Action() {
	}

	/** The routes that are actions, each behind its method. */
	static Set<String> routes() {
		return BY_ROUTE.keySet();
	}

	/**
	 * The action of a request that was answered.
	 * @param route the pattern of its path; null if it was refused before it had one
	 */
	static Optional<String> of(HttpServletRequest request, HttpServletResponse response, @Nullable String route) {
		if (hasCredentials(request) && Answered.of(request).code().filter(REFUSALS::contains).isPresent()) {
			return Optional.of("key.refused");
		}
		if (route == null) {
			return Optional.empty();
		}
		boolean appends = request.getMethod().equals("PATCH") || route.equals("/v1/uploads");
		if (appends && response.getHeader(FILE_ID) != null) {
			return Optional.of("file.complete");
		}
		return Optional.ofNullable(BY_ROUTE.get(request.getMethod() + " " + route))
			.map((action) -> (action.equals("file.read") && isLink(request, response)) ? "file.link" : action);
	}

	/** Content has no id of its own. */
	private static boolean isLink(HttpServletRequest request, HttpServletResponse response) {
		return Answered.of(request).id().isPresent() || response.getHeader(HttpHeaders.LOCATION) != null;
	}

	private static boolean hasCredentials(HttpServletRequest request) {
		return request.getHeader(HttpHeaders.AUTHORIZATION) != null || KeyHeaders.areIn(request);
	}

}
