package dev.stowage.http;

import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * Closes the connection of every answer while the server stops, so that the next request
 * goes to another instance. Tomcat decides this when a request begins, and an upload may
 * have begun long ago.
 */
@ControllerAdvice
public class ClosingAnswers implements ResponseBodyAdvice<Object> {

	private final ApplicationAvailability availability;

	ClosingAnswers(ApplicationAvailability availability) {
		this.availability = availability;
	}

	@Override
	public boolean supports(MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
		return isStopping();
	}

	private boolean isStopping() {
		return this.availability.getReadinessState() == ReadinessState.REFUSING_TRAFFIC;
	}

	/** For an answer that no converter writes. */
	public void closeIfStopping(HttpServletResponse response) {
		if (isStopping()) {
			response.setHeader(HttpHeaders.CONNECTION, "close");
		}
	}

	@Override
	public @Nullable Object beforeBodyWrite(@Nullable Object body, MethodParameter returned, MediaType type,
			Class<? extends HttpMessageConverter<?>> converter, ServerHttpRequest request,
			ServerHttpResponse response) {
		response.getHeaders().setConnection("close");
		return body;
	}

}
