package dev.stowage.http.overload;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
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
	 * @param origin a configured origin, whose pages may read the answer
	 */
	static byte[] busy(Optional<String> origin) {
		ServerBusyException busy = new ServerBusyException();
		String id = RequestIdFilter.newId();
		String problem = json.writeValueAsString(Problem.of(HttpStatus.SERVICE_UNAVAILABLE, ServerBusyException.CODE,
				String.valueOf(busy.getMessage()), null, id));
		return answer(HttpStatus.SERVICE_UNAVAILABLE, MediaType.APPLICATION_PROBLEM_JSON, problem,
				Stream.concat(Stream.of(HttpHeaders.RETRY_AFTER + ": " + busy.retryAfterSeconds(),
						RequestIdFilter.HEADER + ": " + id), origin.stream().flatMap(RawAnswer::crossOrigin)));
	}

	private static Stream<String> crossOrigin(String origin) {
		return Stream.of(HttpHeaders.VARY + ": " + HttpHeaders.ORIGIN,
				HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN + ": " + origin, HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS
						+ ": " + HttpHeaders.RETRY_AFTER + ", " + RequestIdFilter.HEADER);
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
