package dev.stowage.security;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import dev.stowage.http.HttpProperties;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.ContentSecurityPolicyHeaderWriter;
import org.springframework.security.web.header.writers.DelegatingRequestMatcherHeaderWriter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.DefaultCorsProcessor;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Requires bearer keys, without sessions, for everything but health; the metrics have
 * their own key.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

	/**
	 * Swagger UI sets styles and images inline; everything else comes from its own files.
	 */
	private static final String PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
			+ " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

	private static final String[] PAGES = { "/docs", "/swagger-ui/**" };

	private static final String[] UPLOAD_OPTIONS = { "/v1/files", "/v1/uploads", "/v1/uploads/*" };

	/** What pages may read of the answers to uploads that continue. */
	private static final List<String> UPLOAD_HEADERS = List.of(HttpHeaders.LOCATION, HttpHeaders.CONTENT_LOCATION,
			"Stowage-File-Id", "Upload-Offset", "Upload-Length", "Upload-Complete", "Upload-Limit", "Upload-Metadata",
			"Upload-Expires", "Upload-Defer-Length", "Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size",
			"Tus-Checksum-Algorithm");

	/** The metrics cover all owners, so no owner's key opens them. */
	@Bean
	@Order(0)
	SecurityFilterChain metricsFilterChain(HttpSecurity http, SecurityProperties properties,
			@Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) throws Exception {
		Optional<KeyHash> expected = properties.metricsKeyHash();
		AuthenticationEntryPoint entryPoint = entryPoint(problems);
		return stateless(http.securityMatcher("/actuator/prometheus"), entryPoint)
			.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
			.addFilterBefore(
					BearerKeys.filter((key) -> expected.filter((hash) -> hash.matches(KeyHash.of(key))), entryPoint),
					AuthorizationFilter.class)
			.build();
	}

	@Bean
	SecurityFilterChain securityFilterChain(HttpSecurity http, ApiKeys keys, HttpProperties properties,
			@Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) throws Exception {
		AuthenticationEntryPoint entryPoint = entryPoint(problems);
		return stateless(http, entryPoint)
			.authorizeHttpRequests(
					(requests) -> requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.INCLUDE)
						.permitAll()
						.requestMatchers("/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness",
								"/openapi.json", "/openapi.json/swagger-config")
						.permitAll()
						.requestMatchers(PAGES)
						.permitAll()
						// which says what anybody may know before an upload
						.requestMatchers(HttpMethod.OPTIONS, UPLOAD_OPTIONS)
						.permitAll()
						.requestMatchers("/v1/**")
						.authenticated()
						// such as other endpoints of /actuator that are exposed
						.anyRequest()
						.denyAll())
			.headers((headers) -> headers.addHeaderWriter(pagePolicy()))
			.exceptionHandling((handling) -> handling.accessDeniedHandler(asUnknown(problems)))
			.addFilterBefore(BearerKeys.filter(keys::ownerOf, entryPoint), AuthorizationFilter.class)
			.addFilterAfter(corsFilter(properties, problems), HeaderWriterFilter.class)
			.build();
	}

	private static HeaderWriter pagePolicy() {
		PathPatternRequestMatcher.Builder paths = PathPatternRequestMatcher.withDefaults();
		return new DelegatingRequestMatcherHeaderWriter(
				new OrRequestMatcher(Arrays.stream(PAGES).<RequestMatcher>map(paths::matcher).toList()),
				new ContentSecurityPolicyHeaderWriter(PAGE_POLICY));
	}

	/** For a request with a key, a path that no key opens does not exist. */
	private static AccessDeniedHandler asUnknown(HandlerExceptionResolver problems) {
		return (request, response, ex) -> problems.resolveException(request, response, null,
				new NoResourceFoundException(HttpMethod.valueOf(request.getMethod()), request.getRequestURI(),
						request.getRequestURI()));
	}

	private static HttpSecurity stateless(HttpSecurity http, AuthenticationEntryPoint entryPoint) throws Exception {
		return http.exceptionHandling((handling) -> handling.authenticationEntryPoint(entryPoint))
			.sessionManagement((session) -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
			.csrf(AbstractHttpConfigurer::disable)
			.formLogin(AbstractHttpConfigurer::disable)
			.httpBasic(AbstractHttpConfigurer::disable)
			.logout(AbstractHttpConfigurer::disable)
			.requestCache(AbstractHttpConfigurer::disable);
	}

	/** A refusal gets the common problem body. */
	private static AuthenticationEntryPoint entryPoint(HandlerExceptionResolver problems) {
		return (request, response, ex) -> problems.resolveException(request, response, null, ex);
	}

	/**
	 * Requests are measured as a whole, because measuring each filter is expensive.
	 */
	@Bean
	SecurityObservationSettings securityObservationSettings() {
		return SecurityObservationSettings.noObservations();
	}

	@Bean
	HttpFirewall firewall() {
		return new RequestFirewall();
	}

	/** Requests that the firewall refuses get the common problem body, too. */
	@Bean
	RequestRejectedHandler requestRejectedHandler(
			@Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
		return (request, response, ex) -> problems.resolveException(request, response, null, ex);
	}

	/** Requests of a foreign origin get the common problem body, too. */
	private static CorsFilter corsFilter(HttpProperties properties, HandlerExceptionResolver problems) {
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
			cors.setMaxAge(Duration.ofHours(1));
			source.registerCorsConfiguration("/v1/**", cors);
		}
		return source;
	}

}
