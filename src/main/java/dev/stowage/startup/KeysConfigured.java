package dev.stowage.startup;

import java.time.Clock;

import dev.stowage.security.SecurityProperties;
import dev.stowage.settings.InvalidSettingException;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Notes in the database that keys were configured. A later start without any would lock
 * all owners out, and would accept the key of a first start. It is refused unless the
 * settings ask for it.
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
						"Set STOWAGE_API_KEYS as before. Or set it to none; then only keys in the database are valid,"
								+ " and this start creates one if there are none.");
			}
			this.jdbc.sql("DELETE FROM keys_configured").update();
		}
	}

	private boolean isRemembered() {
		return this.jdbc.sql("SELECT one FROM keys_configured").query(Integer.class).optional().isPresent();
	}

}
