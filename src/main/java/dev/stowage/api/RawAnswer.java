package dev.stowage.api;

import java.nio.charset.StandardCharsets;

import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** Whole answers, as bytes, for connections that no container serves. */
final class RawAnswer {

	private static final JsonMapper json = new JsonMapper();

	private RawAnswer() {
	}

	/** What {@link ProblemHandler} says of a {@link ServerBusyException}. */
	static byte[] busy() {
		ServerBusyException busy = new ServerBusyException();
		String id = RequestIdFilter.newId();
		String problem = json.writeValueAsString(Problem.of(HttpStatus.SERVICE_UNAVAILABLE, ServerBusyException.CODE,
				String.valueOf(busy.getMessage()), null, id));
		return answer(HttpStatus.SERVICE_UNAVAILABLE, MediaType.APPLICATION_PROBLEM_JSON, problem,
				HttpHeaders.RETRY_AFTER + ": " + busy.retryAfterSeconds(), RequestIdFilter.HEADER + ": " + id);
	}

	/** What the liveness probe expects of a server that needs no restart. */
	static byte[] alive() {
		return answer(HttpStatus.OK, MediaType.APPLICATION_JSON, "{\"status\":\"UP\"}",
				RequestIdFilter.HEADER + ": " + RequestIdFilter.newId());
	}

	private static byte[] answer(HttpStatus status, MediaType type, String body, String... headers) {
		String answer = "HTTP/1.1 " + status.value() + " \r\n" + HttpHeaders.CONNECTION + ": close\r\n"
				+ HttpHeaders.CONTENT_TYPE + ": " + type + "\r\n" + HttpHeaders.CONTENT_LENGTH + ": " + body.length()
				+ "\r\n" + String.join("\r\n", headers) + "\r\n\r\n" + body;
		return answer.getBytes(StandardCharsets.US_ASCII);
	}

}
