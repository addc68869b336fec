package dev.stowage.security;

import dev.stowage.keys.Keys;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * If no key is configured, the first start on a database creates one and shows it once.
 * It is a managed key like others.
 */
@Component
class FirstKey {

	private final SecurityProperties properties;

	private final Keys keys;

	FirstKey(SecurityProperties properties, Keys keys) {
		this.properties = properties;
		this.keys = keys;
	}

	@EventListener
	void makeIfNone(ApplicationReadyEvent event) {
		if (!this.properties.hasKeys()) {
			this.keys.createFirst(SecurityProperties.FIRST_OWNER).ifPresent((made) -> show(made.text(), event));
		}
	}

	/** Printed to the terminal, and to no log. */
	private static void show(String key, ApplicationReadyEvent event) {
		int port = (event.getApplicationContext() instanceof WebServerApplicationContext web
				&& web.getWebServer() != null) ? web.getWebServer().getPort() : 8080;
		System.out.printf("""
				Your API key, shown only once (set STOWAGE_API_KEYS to use your own):
				  export API_KEY=%s
				Try it:
				  curl http://localhost:%d/v1/files -H "Authorization: Bearer $API_KEY"
				""", key, port);
	}

}
