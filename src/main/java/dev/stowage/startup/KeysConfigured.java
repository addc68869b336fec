package dev.stowage.startup;

import java.time.Clock;

import dev.stowage.security.SecurityProperties;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Remembers in the database that keys were configured. A start without any would lock all
 * owners out, and let the key of a first start in; where that is not said to be meant, it
 * is refused.
 */
@Component
class KeysConfigured {

	private final JdbcClient jdbc;

	KeysConfigured(JdbcClient jdbc, SecurityProperties properties, Clock clock) {
		this.jdbc = jdbc;
		if (properties.hasKeys()) {
			if (!isRemembered()) {
				this.jdbc.sql("INSERT INTO keys_configured (one, since) VALUES (1, :now) ON CONFLICT DO NOTHING")
					.param("now", clock.instant().getEpochSecond())
					.update();
			}
		}
		else if (isRemembered()) {
			if (!properties.saysNone()) {
				throw new InvalidSettingException(
						"STOWAGE_API_KEYS names no key, but servers on this database had keys before.",
						"Set STOWAGE_API_KEYS as before; or to none, and the key that the first start without any"
								+ " makes counts from now on.");
			}
			this.jdbc.sql("DELETE FROM keys_configured").update();
		}
	}

	private boolean isRemembered() {
		return this.jdbc.sql("SELECT one FROM keys_configured").query(Integer.class).optional().isPresent();
	}

}
