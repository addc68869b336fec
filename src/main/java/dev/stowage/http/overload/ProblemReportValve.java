package dev.stowage.http.overload;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.stowage.http.ContainerProblem;
import dev.stowage.http.CrossOrigin;
import dev.stowage.http.Problem;
import dev.stowage.http.ProblemDialect;
import dev.stowage.http.RequestIdFilter;
import dev.stowage.http.RestOfBody;
import dev.stowage.http.head.UnreadableRequest;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * The first step of every request. Every line that is logged for the request gets its id.
 * Requests that Tomcat refuses before any filter runs, because it cannot read the request
 * line or the headers, are answered here, with the common problem body.
 */
final class ProblemReportValve extends ErrorReportValve {

	private static final Logger logger = LoggerFactory.getLogger(ProblemReportValve.class);

	private static final String LOG_FIELD = "request_id";

	/** What Spring Security sends with all other answers. */
	private static final Map<String, String> SECURITY_HEADERS = Map.of("X-Content-Type-Options", "nosniff",
			"X-Frame-Options", "DENY", HttpHeaders.CACHE_CONTROL, "no-cache, no-store, max-age=0, must-revalidate");

	private static final JsonMapper json = new JsonMapper();

	static {
		// also on other threads that work for the request
		ContextRegistry.getInstance().registerThreadLocalAccessor(new Slf4jThreadLocalAccessor(LOG_FIELD));
	}

	private final Places refused;

	private final CrossOrigin origins;

	private final List<ProblemDialect> dialects;

	/**
	 * Makes one.
	 * @param refused places of refused requests whose bodies are read
	 * @param origins those whose pages may read what it answers
	 * @param dialects of clients that read another body than the common one
	 */
	ProblemReportValve(Places refused, CrossOrigin origins, List<ProblemDialect> dialects) {
		this.refused = refused;
		this.origins = origins;
		this.dialects = List.copyOf(dialects);
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		Conversation conversation = Conversation.begin(request, silence(request), this.refused);
		MDC.put(LOG_FIELD, RequestIdFilter.idOf(request));
		try {
			if (request.getAttribute(UnreadableRequest.ATTRIBUTE) instanceof UnreadableRequest reason) {
				refuse(reason, request, response);
				return;
			}
			BodyDrain.skip(request);
			if (RestOfBody.isLeft(request)) {
				response.setHeader(HttpHeaders.CONNECTION, "close");
			}
			super.invoke(request, response);
			if (conversation.isBroken()) {
				RestOfBody.leave(request);
			}
			if (!RestOfBody.isLeft(request) && !conversation.isBodyRead()) {
				// finishing the answer would close the body
				response.flushBuffer();
				BodyDrain.finish(request);
			}
		}
		finally {
			MDC.remove(LOG_FIELD);
			end(conversation, request, response);
		}
	}

	private void refuse(UnreadableRequest reason, Request request, Response response) {
		logger.info("Refused a request: {} {}, {}", reason.status().value(), reason.code(), reason.reason());
		RestOfBody.leave(request);
		response.setStatus(reason.status().value());
		response.setHeader(HttpHeaders.CONNECTION, "close");
		String origin = request.getHeader(HttpHeaders.ORIGIN);
		((origin != null) ? this.origins.headers(origin) : this.origins.headersOfUnread()).forEach(response::setHeader);
		SECURITY_HEADERS.forEach(response::setHeader);
		if (reason == UnreadableRequest.METHOD) {
			response.setHeader(HttpHeaders.ALLOW, "GET, HEAD, POST, DELETE, OPTIONS");
		}
		if (reason.status() == HttpStatus.SERVICE_UNAVAILABLE) {
			response.setHeader(HttpHeaders.RETRY_AFTER, "1");
		}
		send(reason.problem(RequestIdFilter.idOf(request)), request, response);
		BodyDrain.discard(request);
	}

	private static Duration silence(Request request) {
		return Duration.ofMillis((request.getConnector().getProtocolHandler() instanceof CrowdProtocol protocol)
				? protocol.getConnectionTimeout() : 0);
	}

	/**
	 * Tomcat never waits for the rest of a body; BodyDrain has done so where it is
	 * useful.
	 */
	private static void end(Conversation conversation, Request request, Response response) throws IOException {
		boolean isRestLeft = RestOfBody.isLeft(request) || !conversation.isBodyRead();
		if (isRestLeft) {
			// the end of the answer first; it could not be sent afterwards
			response.finishResponse();
		}
		conversation.end(!isRestLeft);
	}

	@Override
	protected void report(Request request, Response response, @Nullable Throwable throwable) {
		HttpStatus status = HttpStatus.resolve(response.getStatus());
		if (status == null || !status.isError() || response.getContentWritten() > 0 || !response.setErrorReported()) {
			return;
		}
		send(ContainerProblem.of(status, request).getBody(), request, response);
	}

	private void send(@Nullable Object body, Request request, Response response) {
		response.setHeader(RequestIdFilter.HEADER, RequestIdFilter.idOf(request));
		Optional<ProblemDialect> dialect = ProblemDialect.of(request, this.dialects);
		if (dialect.isPresent() && body instanceof Problem problem) {
			response.setStatus(dialect.get().status(problem).value());
			response.setHeader(dialect.get().idHeader(), RequestIdFilter.idOf(request));
			send(json.writeValueAsBytes(dialect.get().body(problem)), MediaType.APPLICATION_JSON_VALUE, response);
		}
		else {
			send(json.writeValueAsBytes(body), MediaType.APPLICATION_PROBLEM_JSON_VALUE, response);
		}
	}

	private static void send(byte[] body, String type, Response response) {
		try {
			response.setHeader(HttpHeaders.CONTENT_TYPE, type);
			response.setContentLength(body.length);
			response.getOutputStream().write(body);
			response.finishResponse();
		}
		catch (IOException ex) {
			logger.debug("Could not send status {}: {}", response.getStatus(), ex.toString());
		}
	}

}
