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
 * Stands before everything else that a request passes. Every line that is logged for it
 * gets its id; and what Tomcat refuses before any filter of ours is asked, a request line
 * or headers that it cannot read, gets the one problem body.
 */
final class ProblemReportValve extends ErrorReportValve {

	private static final Logger logger = LoggerFactory.getLogger(ProblemReportValve.class);

	private static final String LOG_FIELD = "request_id";

	private static final JsonMapper json = new JsonMapper();

	static {
		// also on other threads that work for it
		ContextRegistry.getInstance().registerThreadLocalAccessor(new Slf4jThreadLocalAccessor(LOG_FIELD));
	}

	private final Places refused;

	/**
	 * Makes one.
	 * @param refused places of those whose bodies are read although they are refused
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
				// to finish it would close the body
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

	/** Tomcat never waits for the rest of a body: we have, where anybody should. */
	private static void end(Conversation conversation, Request request, Response response) throws IOException {
		boolean isRestLeft = RestOfBody.isLeft(request) || !conversation.isBodyRead();
		if (isRestLeft) {
			// the answer's end first, which would not be sent any more
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
			logger.debug("Nobody to tell of {}: {}", status, ex.toString());
		}
	}

}
