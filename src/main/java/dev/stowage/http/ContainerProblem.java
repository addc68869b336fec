package dev.stowage.http;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.LinkedHashSet;
import java.util.Set;

import dev.stowage.http.path.PathAlias;
import dev.stowage.http.path.RequestPath;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.coyote.BadRequestException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;

import static dev.stowage.http.ProblemAnswer.problem;

/** Errors that the container or Spring MVC reports. */
public final class ContainerProblem {

	private static final Logger logger = LoggerFactory.getLogger(ContainerProblem.class);

	private static final String BODY_ENDED = "The body ended before its declared length. Please send the request again.";

	private static final String SILENT = "The request sent nothing for too long and was cancelled. Please send it"
			+ " again.";

	private static final String BAD_CHUNK = "The chunks of the body are malformed.";

	public static final String INTERNAL = "The server had an error while processing your request."
			+ " Its log has the request id.";

	private static final String OTHER_TYPE = "Send the body as multipart/form-data, or as application/json"
			+ " to get an upload URL.";

	private static final String OTHER_APPENDED = "Send the body as application/offset+octet-stream with tus 1.0, or as"
			+ " application/partial-upload.";

	private static final String ENCODED = "The body has a Content-Encoding, such as gzip, which this server does not"
			+ " decode. Send it without an encoding, and without the header or as 'Content-Encoding: identity'.";

	private ContainerProblem() {
	}

	public static ResponseEntity<Object> of(HttpStatusCode status, HttpServletRequest request) {
		return of(status, new HttpHeaders(), request);
	}

	/** The original request, also during the error dispatch. */
	private static String asked(HttpServletRequest request) {
		Object method = request.getAttribute(RequestDispatcher.ERROR_METHOD);
		Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
		return ((method != null) ? method : request.getMethod()) + " " + RequestPath.shown(PathAlias.asked(request)
			.orElseGet(() -> (path instanceof String text) ? text : request.getRequestURI()));
	}

	public static ResponseEntity<Object> of(HttpStatusCode status, HttpHeaders headers, HttpServletRequest request) {
		String asked = asked(request);
		return switch (status.value()) {
			case 404 -> problem(status, headers, "not_found",
					"Unknown request URL: " + asked + ". Please check the URL for typos.", null, request);
			case 405 -> problem(status, withAllow(headers), "method_not_allowed", "Method not allowed: " + asked + ".",
					null, request);
			case 408 -> problem(status, headers, "upload_timeout", SILENT, null, request);
			case 415 -> headers.containsHeader(HttpHeaders.ACCEPT_ENCODING)
					? problem(status, headers, "unsupported_content_encoding", ENCODED, null, request)
					: problem(status, headers, "unsupported_media_type",
							asked.startsWith("PATCH ") ? OTHER_APPENDED : OTHER_TYPE, null, request);
			case 501 -> problem(status, headers, "not_implemented",
					"The request asks for something that this server does not support.", null, request);
			case 500 -> problem(status, headers, "internal_server_error", INTERNAL, null, request);
			default -> (request.getAttribute(RequestDispatcher.ERROR_EXCEPTION) instanceof IOException failure)
					? unreadBody(failure, request)
					: problem(status, headers, "validation_error", "The request is malformed.", null, request);
		};
	}

	/** Spring MVC answers HEAD where it answers GET, and OPTIONS everywhere. */
	private static HttpHeaders withAllow(HttpHeaders headers) {
		Set<HttpMethod> allowed = new LinkedHashSet<>(headers.getAllow());
		if (allowed.contains(HttpMethod.GET)) {
			allowed.add(HttpMethod.HEAD);
		}
		allowed.add(HttpMethod.OPTIONS);
		HttpHeaders complete = new HttpHeaders(headers);
		complete.setAllow(allowed);
		return complete;
	}

	/** The answer to a request whose body could not be read to its end. */
	public static ResponseEntity<Object> unreadBody(IOException failure, HttpServletRequest request) {
		if (failure instanceof BadRequestException && !(failure instanceof ClientAbortException)) {
			logger.info("Refused a request: 400 malformed_body");
			return problem(400, "malformed_body", BAD_CHUNK, null, request);
		}
		if (failure.getCause() instanceof SocketTimeoutException) {
			return problem(408, "upload_timeout", SILENT, null, request);
		}
		return problem(400, "validation_error", BODY_ENDED, null, request);
	}

}
