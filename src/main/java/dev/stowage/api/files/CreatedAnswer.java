package dev.stowage.api.files;

import java.net.URI;
import java.util.Optional;

import dev.stowage.api.IdempotencyHeader;
import dev.stowage.http.path.PathAlias;
import dev.stowage.http.audit.Identified;
import dev.stowage.upload.Created;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.ResponseEntity;

/**
 * The answer to a request that creates a file, in either style: 201 with the file's
 * location for Azure's clients, 200 for all others. A repeat gets the same.
 */
final class CreatedAnswer {

	private CreatedAnswer() {
	}

	static <T extends Identified> ResponseEntity<T> of(Created<?> created, T body, HttpServletRequest request) {
		Optional<String> location = PathAlias.location(request, body.id());
		return location.isEmpty() ? IdempotencyHeader.answer(created, body)
				: ResponseEntity.created(URI.create(location.get()))
					.headers(IdempotencyHeader.headers(created))
					.body(body);
	}

}
