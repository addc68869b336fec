package dev.stowage.security;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import dev.stowage.http.HttpProperties;
import dev.stowage.http.limits.SlowedRefusals;
import dev.stowage.keys.KeyHash;
import dev.stowage.owner.InsufficientScopeException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AuthenticationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.ContentSecurityPolicyHeaderWriter;
import org.springframework.security.web.header.writers.DelegatingRequestMatcherHeaderWriter;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Requires bearer keys or tokens, without sessions, for everything but health; the
 * metrics have their own key.
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

	/** The metrics cover all owners, so no owner's key opens them. */
	@Bean
	@Order(0)
	SecurityFilterChain metricsFilterChain(HttpSecurity http, SecurityProperties properties, SlowedRefusals refusals,
			@Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) throws Exception {
		PresentedKeys.Callers metrics = only(properties.metricsKeyHash());
		AuthenticationEntryPoint entryPoint = entryPoint(problems);
		return stateless(http.securityMatcher("/actuator/prometheus"), entryPoint)
			.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
			.addFilterBefore(PresentedKeys.filter(metrics, refusals.before(entryPoint)), AuthorizationFilter.class)
			.build();
	}

	/** One key, which stands for no owner. */
	private static PresentedKeys.Callers only(Optional<KeyHash> expected) {
		return (key, project) -> expected.filter((hash) -> hash.matches(KeyHash.of(key)))
			.map((hash) -> UsernamePasswordAuthenticationToken.authenticated("operator", null, List.of()));
	}

	/**
	 * The administration has a key of its own, which opens nothing else. Without that
	 * setting it does not exist.
	 */
	@Bean
	@Order(1)
	SecurityFilterChain adminFilterChain(HttpSecurity http, SecurityProperties properties, SlowedRefusals refusals,
			@Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) throws Exception {
		Optional<KeyHash> expected = properties.adminKeyHash();
		AuthenticationEntryPoint entryPoint = expected.isPresent() ? entryPoint(problems)
				: (request, response, ex) -> unknown(problems, request, response);
		return stateless(http.securityMatcher("/v1/organization/**"), entryPoint)
			.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
			.addFilterBefore(PresentedKeys.filter(only(expected), refusals.before(entryPoint)),
					AuthorizationFilter.class)
			.build();
	}

	@Bean
	SecurityFilterChain securityFilterChain(HttpSecurity http, ApiKeys keys, BearerTokens tokens,
			HttpProperties properties, SlowedRefusals refusals,
			@Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) throws Exception {
		AuthenticationEntryPoint entryPoint = entryPoint(problems);
		return stateless(http, entryPoint)
			.authorizeHttpRequests(
					(requests) -> requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.INCLUDE)
						.permitAll()
						.requestMatchers("/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness",
								"/openapi.json", "/openapi-anthropic.yaml")
						.permitAll()
						.requestMatchers(PAGES)
						.permitAll()
						// which says what anybody may know before an upload
						.requestMatchers(HttpMethod.OPTIONS, UPLOAD_OPTIONS)
						.permitAll()
						.requestMatchers("/v1/**")
						.access(new RequiredScope())
						// such as other endpoints of /actuator that are exposed
						.anyRequest()
						.denyAll())
			.headers((headers) -> headers.addHeaderWriter(pagePolicy()))
			.exceptionHandling((handling) -> handling.accessDeniedHandler(refusal(problems)))
			.addFilterBefore(tokens.besides(keyFilter(keys, refusals.before(entryPoint)), entryPoint),
					AuthorizationFilter.class)
			.addFilterAfter(ForeignOrigins.filter(properties, problems), HeaderWriterFilter.class)
			.build();
	}

	private static AuthenticationFilter keyFilter(ApiKeys keys, AuthenticationEntryPoint entryPoint) {
		return PresentedKeys.filter((key, project) -> keys.callerOf(key, project).map(Caller::authentication),
				entryPoint);
	}

	private static HeaderWriter pagePolicy() {
		PathPatternRequestMatcher.Builder paths = PathPatternRequestMatcher.withDefaults();
		return new DelegatingRequestMatcherHeaderWriter(
				new OrRequestMatcher(Arrays.stream(PAGES).<RequestMatcher>map(paths::matcher).toList()),
				new ContentSecurityPolicyHeaderWriter(PAGE_POLICY));
	}

	/** For a request with a key, a path that no key opens does not exist. */
	private static AccessDeniedHandler refusal(HandlerExceptionResolver problems) {
		return (request, response, ex) -> {
			if (ex instanceof InsufficientScopeException) {
				problems.resolveException(request, response, null, ex);
			}
			else {
				unknown(problems, request, response);
			}
		};
	}

	private static void unknown(HandlerExceptionResolver problems, HttpServletRequest request,
			HttpServletResponse response) {
		problems.resolveException(request, response, null, new NoResourceFoundException(
				HttpMethod.valueOf(request.getMethod()), request.getRequestURI(), request.getRequestURI()));
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

	/**
	 * A refusal gets the common problem body, and so does a failure while a key is looked
	 * up.
	 */
	private static AuthenticationEntryPoint entryPoint(HandlerExceptionResolver problems) {
		return (request, response, ex) -> problems.resolveException(request, response, null,
				(ex.getCause() instanceof DataAccessException failure) ? failure : ex);
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

}
