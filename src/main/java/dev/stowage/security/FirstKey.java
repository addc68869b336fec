package dev.stowage.security;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;

import dev.stowage.database.Changes;
import dev.stowage.owner.Owner;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * If no key is configured, the first start on a database creates one and shows it once.
 * The database keeps its hash, so every later start and every instance accepts it.
 */
@Component
class FirstKey {

	private static final int KEY_BYTES = 32;

	private final ApiKeys keys;

	private final JdbcClient jdbc;

	private final Changes changes;

	private final Clock clock;

	FirstKey(ApiKeys keys, JdbcClient jdbc, Changes changes, Clock clock) {
		this.keys = keys;
		this.jdbc = jdbc;
		this.changes = changes;
		this.clock = clock;
	}

	@EventListener
	void makeIfNone(ApplicationReadyEvent event) {
		if (!this.keys.isEmpty()) {
			return;
		}
		String key = newKey();
		if (add(KeyHash.of(key))) {
			show(key, event);
		}
		String kept = this.jdbc.sql("SELECT sha256 FROM api_key WHERE owner = :owner")
			.param("owner", SecurityProperties.FIRST_OWNER.name())
			.query(String.class)
			.single();
		this.keys.add(new KeyHash(kept), SecurityProperties.FIRST_OWNER);
	}

	private static String newKey() {
		byte[] random = new byte[KEY_BYTES];
		new SecureRandom().nextBytes(random);
		return "sk-" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
	}

	/** Of several simultaneous first starts, one inserts. */
	private boolean add(KeyHash hash) {
		return this.changes.update(this.jdbc.sql("""
				INSERT INTO api_key (owner, sha256, created_at) VALUES (:owner, :hash, :now)
				ON CONFLICT DO NOTHING""")
			.param("owner", SecurityProperties.FIRST_OWNER.name())
			.param("hash", hash.hex())
			.param("now", this.clock.instant().getEpochSecond())) > 0;
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
