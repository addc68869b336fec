package dev.stowage.http.overload;

import dev.stowage.http.Problem;
import dev.stowage.http.RestOfBody;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * The one rule for bodies of refused requests, in whichever room: what the client still
 * sends is read, within the bounds of {@link BodyDrain}, before the answer.
 */
@ControllerAdvice
@Order(0)
class RefusedBodies implements ResponseBodyAdvice<Object> {

	@Override
	public boolean supports(MethodParameter type, Class<? extends HttpMessageConverter<?>> converter) {
		return true;
	}

	@Override
	public @Nullable Object beforeBodyWrite(@Nullable Object body, MethodParameter type, MediaType contentType,
			Class<? extends HttpMessageConverter<?>> converter, ServerHttpRequest request,
			ServerHttpResponse response) {
		if (body instanceof Problem && request instanceof ServletServerHttpRequest refused) {
			BodyDrain.drain(refused.getServletRequest());
			if (RestOfBody.isLeft(refused.getServletRequest())) {
				response.getHeaders().set(HttpHeaders.CONNECTION, "close");
			}
		}
		return body;
	}

}
