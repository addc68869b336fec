package dev.stowage.http.overload;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.stowage.http.Problem;
import dev.stowage.http.RequestIdFilter;
import dev.stowage.http.ServerBusyException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** Complete answers, as bytes, for connections that no container serves. */
final class RawAnswer {

	private static final JsonMapper json = new JsonMapper();

	private RawAnswer() {
	}

	/**
	 * The answer to a {@link ServerBusyException}.
	 * @param crossOrigin headers for the page that sent the request
	 */
	static byte[] busy(Map<String, String> crossOrigin) {
		ServerBusyException busy = new ServerBusyException();
		String id = RequestIdFilter.newId();
		String problem = json.writeValueAsString(Problem.of(HttpStatus.SERVICE_UNAVAILABLE, ServerBusyException.CODE,
				String.valueOf(busy.getMessage()), null, id));
		return answer(HttpStatus.SERVICE_UNAVAILABLE, MediaType.APPLICATION_PROBLEM_JSON, problem,
				Stream.concat(
						Stream.of(HttpHeaders.RETRY_AFTER + ": " + busy.retryAfterSeconds(),
								RequestIdFilter.HEADER + ": " + id),
						crossOrigin.entrySet().stream().map((header) -> header.getKey() + ": " + header.getValue())));
	}

	/** The answer that the liveness probe expects of a server that needs no restart. */
	static byte[] alive() {
		return answer(HttpStatus.OK, MediaType.APPLICATION_JSON, "{\"status\":\"UP\"}",
				Stream.of(RequestIdFilter.HEADER + ": " + RequestIdFilter.newId()));
	}

	private static byte[] answer(HttpStatus status, MediaType type, String body, Stream<String> headers) {
		String answer = "HTTP/1.1 " + status.value() + " \r\n" + HttpHeaders.CONNECTION + ": close\r\n"
				+ HttpHeaders.CONTENT_TYPE + ": " + type + "\r\n" + HttpHeaders.CONTENT_LENGTH + ": " + body.length()
				+ "\r\n" + headers.collect(Collectors.joining("\r\n")) + "\r\n\r\n" + body;
		return answer.getBytes(StandardCharsets.US_ASCII);
	}

}
