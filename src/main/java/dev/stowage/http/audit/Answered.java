package dev.stowage.http.audit;

import java.util.Optional;

import dev.stowage.http.Problem;
import jakarta.servlet.ServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * What the body of an answer says that the log and metrics may repeat.
 *
 * @param id of what it describes
 * @param code of a failure
 */
public record Answered(Optional<String> id, Optional<String> code) {

	private static final String ATTRIBUTE = Answered.class.getName();

	private static final Answered NOTHING = new Answered(Optional.empty(), Optional.empty());

	/** What the answer to a request says; nothing before it is written. */
	public static Answered of(ServletRequest request) {
		return (request.getAttribute(ATTRIBUTE) instanceof Answered answered) ? answered : NOTHING;
	}

	/**
	 * Notes it before it is written: failures always, which are few, and ids for the log.
	 */
	@ControllerAdvice
	@Order(0)
	static final class Notes implements ResponseBodyAdvice<Object> {

		private final AuditProperties properties;

		Notes(AuditProperties properties) {
			this.properties = properties;
		}

		@Override
		public boolean supports(MethodParameter type, Class<? extends HttpMessageConverter<?>> converter) {
			return true;
		}

		@Override
		public @Nullable Object beforeBodyWrite(@Nullable Object body, MethodParameter type, MediaType contentType,
				Class<? extends HttpMessageConverter<?>> converter, ServerHttpRequest request,
				ServerHttpResponse response) {
			if (request instanceof ServletServerHttpRequest answered) {
				if (body instanceof Problem problem) {
					note(answered, new Answered(Optional.empty(), Optional.of(problem.code())));
				}
				else if (this.properties.audit() && body instanceof Identified known) {
					note(answered, new Answered(Optional.of(known.loggedId()), Optional.empty()));
				}
			}
			return body;
		}

		private static void note(ServletServerHttpRequest request, Answered answered) {
			request.getServletRequest().setAttribute(ATTRIBUTE, answered);
		}

	}

}
