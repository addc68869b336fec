package dev.stowage.http;

import java.util.Arrays;
import java.util.Collections;
import java.util.Set;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Answers JSON regardless of {@code Accept}, which selects only the form of a file's
 * content. Refuses bodies with a content encoding, because no controller decodes them.
 */
@Configuration(proxyBeanMethods = false)
class WebConfiguration implements WebMvcConfigurer {

	private static final String IDENTITY = "identity";

	private static final Set<String> BODIES = Set.of("POST", "PATCH");

	@Override
	public void configureContentNegotiation(ContentNegotiationConfigurer negotiation) {
		negotiation.ignoreAcceptHeader(true).defaultContentType(MediaType.APPLICATION_JSON);
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(new HandlerInterceptor() {

			@Override
			public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
				if (handler instanceof HandlerMethod method && BODIES.contains(request.getMethod()) && readsBody(method)
						&& isEncoded(request)) {
					ErrorResponseException refusal = new ErrorResponseException(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
					refusal.getHeaders().set(HttpHeaders.ACCEPT_ENCODING, IDENTITY);
					throw refusal;
				}
				return true;
			}

		});
	}

	private static boolean readsBody(HandlerMethod method) {
		RequestMapping mapping = method.getMethodAnnotation(RequestMapping.class);
		return mapping != null && (mapping.consumes().length > 0 || mapping.headers().length > 0);
	}

	private static boolean isEncoded(HttpServletRequest request) {
		return Collections.list(request.getHeaders(HttpHeaders.CONTENT_ENCODING))
			.stream()
			.flatMap((header) -> Arrays.stream(header.split(",", -1)))
			.map(String::strip)
			.anyMatch((coding) -> !coding.isEmpty() && !coding.equalsIgnoreCase(IDENTITY));
	}

}
