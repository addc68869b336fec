package dev.stowage.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * Which pages may read answers that no filter writes.
 *
 * @param origins the configured ones; {@code *} stands for any
 */
public record CrossOrigin(List<String> origins) {

	private static final String ANY = "*";

	public CrossOrigin {
		origins = List.copyOf(origins);
	}

	/**
	 * The headers of an answer.
	 * @param origin the origin that the request names; null if it names none
	 */
	public Map<String, String> headers(@Nullable String origin) {
		Map<String, String> headers = new LinkedHashMap<>();
		allowed(origin).ifPresent((allowed) -> {
			headers.put(HttpHeaders.VARY, HttpHeaders.ORIGIN);
			headers.put(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
			headers.put(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS,
					HttpHeaders.RETRY_AFTER + ", " + RequestIdFilter.HEADER);
		});
		return headers;
	}

	/**
	 * The headers of an answer to a request whose headers could not be read. Browsers
	 * compare the origin, so a single one may be named to all.
	 */
	public Map<String, String> headersOfUnread() {
		return headers((this.origins.size() == 1) ? this.origins.getFirst() : null);
	}

	/** Returns a configured origin, never the client's own text. */
	private Optional<String> allowed(@Nullable String origin) {
		if (this.origins.contains(ANY)) {
			return Optional.of(ANY);
		}
		return this.origins.stream().filter((configured) -> configured.equals(origin)).findFirst();
	}

}
