package dev.stowage.api.problem;

import java.util.List;
import java.util.Optional;

import dev.stowage.http.Problem;
import dev.stowage.http.ProblemDialect;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * Draws problems in the dialect of their client, after everything that asks what they
 * are. Clients that speak none get the common body.
 */
@ControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class DrawnProblems implements ResponseBodyAdvice<Object> {

	private final List<ProblemDialect> dialects;

	DrawnProblems(List<ProblemDialect> dialects) {
		this.dialects = List.copyOf(dialects);
	}

	@Override
	public boolean supports(MethodParameter type, Class<? extends HttpMessageConverter<?>> converter) {
		return true;
	}

	@Override
	public @Nullable Object beforeBodyWrite(@Nullable Object body, MethodParameter type, MediaType contentType,
			Class<? extends HttpMessageConverter<?>> converter, ServerHttpRequest request,
			ServerHttpResponse response) {
		if (!(body instanceof Problem problem) || !(request instanceof ServletServerHttpRequest refused)) {
			return body;
		}
		Optional<ProblemDialect> dialect = ProblemDialect.of(refused.getServletRequest(), this.dialects);
		if (dialect.isEmpty()) {
			return body;
		}
		response.setStatusCode(dialect.get().status(problem));
		response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
		return dialect.get().body(problem);
	}

}
