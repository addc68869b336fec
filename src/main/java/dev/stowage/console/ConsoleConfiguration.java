package dev.stowage.console;

import dev.stowage.storage.ObjectStore;

import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/**
 * Opens the console to everyone, and lets it run nothing but its own files. No key is
 * looked up here, because the page is the same for all.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression(ConsoleProperties.IS_ON)
class ConsoleConfiguration {

	/** Pictures of files are previewed from memory. */
	private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
			+ " img-src 'self' blob: data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none';"
			+ " connect-src 'self'";

	@Bean
	StoreOrigin storeOrigin(ObjectStore store) {
		return new StoreOrigin(store);
	}

	@Bean
	@Order(2)
	SecurityFilterChain consoleFilterChain(HttpSecurity http, StoreOrigin store) throws Exception {
		return http.securityMatcher("/", "/console", "/console/**")
			.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
			.headers((headers) -> headers.addHeaderWriter(policy(store))
				.referrerPolicy((referrer) -> referrer.policy(ReferrerPolicy.NO_REFERRER)))
			.sessionManagement((session) -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
			.csrf(AbstractHttpConfigurer::disable)
			.formLogin(AbstractHttpConfigurer::disable)
			.httpBasic(AbstractHttpConfigurer::disable)
			.logout(AbstractHttpConfigurer::disable)
			.anonymous(AbstractHttpConfigurer::disable)
			.requestCache(AbstractHttpConfigurer::disable)
			.build();
	}

	private static HeaderWriter policy(StoreOrigin store) {
		return (request, response) -> response.setHeader("Content-Security-Policy",
				store.get().map((origin) -> POLICY + " " + origin).orElse(POLICY));
	}

}
