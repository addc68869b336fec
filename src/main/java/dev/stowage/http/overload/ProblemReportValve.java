package dev.stowage.http.overload;

import java.io.IOException;
import java.time.Duration;

import dev.stowage.http.ContainerProblem;
import dev.stowage.http.RequestIdFilter;
import dev.stowage.http.RestOfBody;
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
import org.springframework.http.ResponseEntity;

/**
 * The first step of every request. Every line that is logged for the request gets its id.
 * Requests that Tomcat refuses before any filter runs, because it cannot read the request
 * line or the headers, get the common problem body.
 */
final class ProblemReportValve extends ErrorReportValve {

	private static final Logger logger = LoggerFactory.getLogger(ProblemReportValve.class);

	private static final String LOG_FIELD = "request_id";

	private static final JsonMapper json = new JsonMapper();

	static {
		// also on other threads that work for the request
		ContextRegistry.getInstance().registerThreadLocalAccessor(new Slf4jThreadLocalAccessor(LOG_FIELD));
	}

	private final Places refused;

	/**
	 * Makes one.
	 * @param refused places of refused requests whose bodies are read
	 */
	ProblemReportValve(Places refused) {
		this.refused = refused;
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		Conversation conversation = Conversation.begin(request, silence(request), this.refused);
		MDC.put(LOG_FIELD, RequestIdFilter.idOf(request));
		try {
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
		ResponseEntity<Object> problem = ContainerProblem.of(status, request);
		byte[] body = json.writeValueAsBytes(problem.getBody());
		try {
			response.setHeader(RequestIdFilter.HEADER, RequestIdFilter.idOf(request));
			response.setHeader(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE);
			response.setContentLength(body.length);
			response.getOutputStream().write(body);
			response.finishResponse();
		}
		catch (IOException ex) {
			logger.debug("Could not send status {}: {}", status, ex.toString());
		}
	}

}
