package dev.stowage.security;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import dev.stowage.http.HttpProperties;
import dev.stowage.http.limits.RateLimitHeaders;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** What pages of other origins may do. */
final class ForeignOrigins {

	/** What pages may read of the answers to uploads that continue. */
	private static final List<String> UPLOAD_HEADERS = List.of(HttpHeaders.LOCATION, HttpHeaders.CONTENT_LOCATION,
			"Stowage-File-Id", "Upload-Offset", "Upload-Length", "Upload-Complete", "Upload-Limit", "Upload-Metadata",
			"Upload-Expires", "Upload-Defer-Length", "Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size",
			"Tus-Checksum-Algorithm");

	private ForeignOrigins() {
	}

	/** Requests of a foreign origin get the common problem body, too. */
	static CorsFilter filter(HttpProperties properties, HandlerExceptionResolver problems) {
		CorsFilter filter = new CorsFilter(cors(properties));
		filter.setCorsProcessor(new DefaultCorsProcessor() {

			@Override
			public boolean processRequest(@Nullable CorsConfiguration cors, HttpServletRequest request,
					HttpServletResponse response) throws IOException {
				boolean allowed = super.processRequest(cors, request, response);
				if (!allowed) {
					problems.resolveException(request, response, null, new AccessDeniedException("Foreign origin"));
				}
				return allowed;
			}

			// whether a route knows the method of an actual request, it says itself
			@Override
			protected boolean handleInternal(ServerHttpRequest request, ServerHttpResponse response,
					CorsConfiguration cors, boolean isPreflight) throws IOException {
				CorsConfiguration anyMethod = new CorsConfiguration(cors);
				anyMethod.setAllowedMethods(List.of(CorsConfiguration.ALL));
				return super.handleInternal(request, response, isPreflight ? cors : anyMethod, isPreflight);
			}

			@Override
			protected void rejectRequest(ServerHttpResponse response) {
				// the problem body is the answer
			}

		});
		return filter;
	}

	private static CorsConfigurationSource cors(HttpProperties properties) {
		UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
		if (!properties.corsOrigins().isEmpty()) {
			CorsConfiguration cors = new CorsConfiguration();
			cors.setAllowedOrigins(properties.corsOrigins());
			cors.setAllowedMethods(List.of("GET", "HEAD", "POST", "PATCH", "DELETE"));
			cors.setAllowedHeaders(List.of("*"));
			cors.setExposedHeaders(List.of("x-request-id", HttpHeaders.ETAG, HttpHeaders.CONTENT_RANGE,
					HttpHeaders.CONTENT_DISPOSITION, HttpHeaders.RETRY_AFTER, "Idempotency-Replayed"));
			UPLOAD_HEADERS.forEach(cors::addExposedHeader);
			RateLimitHeaders.NAMES.forEach(cors::addExposedHeader);
			cors.setMaxAge(Duration.ofHours(1));
			source.registerCorsConfiguration("/v1/**", cors);
		}
		return source;
	}

}
