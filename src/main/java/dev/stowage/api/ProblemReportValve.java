package dev.stowage.api;

import java.io.IOException;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
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

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		BodyDrain.prepare(request, request.getCoyoteRequest());
		MDC.put(LOG_FIELD, RequestIdFilter.idOf(request));
		try {
			super.invoke(request, response);
		}
		finally {
			MDC.remove(LOG_FIELD);
		}
		if (BodyDrain.isRestLeft(request)) {
			// the answer's end first, which would not be sent any more
			response.finishResponse();
			// or Tomcat would wait for the rest
			request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
		}
	}

	@Override
	protected void report(Request request, Response response, @Nullable Throwable throwable) {
		HttpStatus status = HttpStatus.resolve(response.getStatus());
		if (status == null || !status.isError() || response.getContentWritten() > 0 || !response.setErrorReported()) {
			return;
		}
		ResponseEntity<Object> problem = ProblemHandler.containerProblem(status, request);
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
