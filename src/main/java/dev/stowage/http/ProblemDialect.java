package dev.stowage.http;

import java.util.List;
import java.util.Optional;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatusCode;

/**
 * How a family of clients reads failures whose words are not those of {@link Problem},
 * and where it looks for the id of a request. It draws every failure, also those of
 * security and of the container.
 */
public interface ProblemDialect {

	/** The first of these that the client of a request reads; empty if it reads none. */
	static Optional<ProblemDialect> of(HttpServletRequest request, List<ProblemDialect> dialects) {
		return dialects.stream().filter((dialect) -> dialect.isReadBy(request)).findFirst();
	}

	/** Whether the client that sent a request reads it. */
	boolean isReadBy(HttpServletRequest request);

	/** The status that it has for a problem; it may have no name. */
	HttpStatusCode status(Problem problem);

	/** The body, as an object to write as JSON. */
	Object body(Problem problem);

	/** The header that repeats the id of the request. */
	String idHeader();

}
