package dev.stowage.http.head;

import org.apache.catalina.valves.RemoteIpValve;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Adds {@link PublicOrigin} behind Tomcat's own valve, where there is one. */
@Configuration(proxyBeanMethods = false)
class HeadConfiguration {

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> publicOrigin() {
		return (factory) -> factory.getEngineValves()
			.stream()
			.filter(RemoteIpValve.class::isInstance)
			.map(RemoteIpValve.class::cast)
			.toList()
			.forEach((proxies) -> factory.addEngineValves(new PublicOrigin(proxies)));
	}

}
