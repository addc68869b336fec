package dev.stowage.http;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatusCode;

/**
 * How a family of clients reads failures whose words are not those of {@link Problem}. It
 * draws every failure, also those of security and of the container.
 */
public interface ProblemDialect {

	/** Whether the client that sent a request reads it. */
	boolean isReadBy(HttpServletRequest request);

	/** The status that it has for a problem; it may have no name. */
	HttpStatusCode status(Problem problem);

	/** The body, as an object to write as JSON. */
	Object body(Problem problem);

	/** The header that repeats the id of the request. */
	String idHeader();

}
