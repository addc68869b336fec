package dev.stowage.api;

import java.io.IOException;

import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/**
 * Gives the one problem body to what Tomcat refuses before any filter of ours is asked: a
 * request line or headers that it cannot read.
 */
final class ProblemReportValve extends ErrorReportValve {

	private static final Logger logger = LoggerFactory.getLogger(ProblemReportValve.class);

	private static final JsonMapper json = new JsonMapper();

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		super.invoke(request, response);
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
