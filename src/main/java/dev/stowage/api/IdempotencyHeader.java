package dev.stowage.api;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

import dev.stowage.upload.Created;
import dev.stowage.upload.IdempotencyKey;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;

/** The headers of a request that may be repeated, and of its answer. */
public final class IdempotencyHeader {

	private static final String REPLAYED = "Idempotency-Replayed";

	private IdempotencyHeader() {
	}

	/**
	 * The key of a request, if it has one. Reads nothing of its body.
	 * @throws RequestException if the request has several
	 */
	public static Optional<IdempotencyKey> of(HttpServletRequest request) {
		List<String> values = Collections.list(request.getHeaders(IdempotencyKey.HEADER));
		if (values.size() > 1) {
			throw RequestException.invalid(IdempotencyKey.HEADER,
					"'" + IdempotencyKey.HEADER + "' is given twice. Send one key per request.");
		}
		return values.stream().findFirst().map(IdempotencyKey::parse);
	}

	/** Answers with what was created, and says if an earlier request did so. */
	public static <T> ResponseEntity<T> answer(Created<?> created, T body) {
		return ResponseEntity.ok().headers(headers(created)).body(body);
	}

	/** Says in the answer if an earlier request created something. */
	public static HttpHeaders headers(Created<?> created) {
		HttpHeaders headers = new HttpHeaders();
		if (created.isReplay()) {
			headers.set(REPLAYED, "true");
		}
		return headers;
	}

}
