package dev.stowage.http.digest;

import java.io.IOException;
import java.util.Set;

import dev.stowage.http.overload.ClientBody;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Compares the body of each {@code POST} and {@code PATCH} with the digests that its
 * headers give, for every controller that reads the body to its end. Malformed digests
 * are refused before the body is read, and what is read of a refused request is not
 * digested.
 */
@Configuration(proxyBeanMethods = false)
class DigestConfiguration implements WebMvcConfigurer {

	private static final Set<String> WITH_BODY = Set.of("POST", "PATCH");

	/** After what refuses the request for another reason. */
	private static final int LATE = 1;

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(new HandlerInterceptor() {

			@Override
			public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
					throws IOException {
				if (handler instanceof HandlerMethod method && WITH_BODY.contains(request.getMethod())) {
					Digests digests = Digests.ofBody(request, !method.hasMethodAnnotation(WithDigestOfFile.class));
					if (!digests.isEmpty()) {
						ClientBody.of(request).readThrough(digests::over);
					}
				}
				return true;
			}

		}).addPathPatterns("/v1/**").order(LATE);
	}

}
