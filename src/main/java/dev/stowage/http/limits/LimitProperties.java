package dev.stowage.http.limits;

import dev.stowage.owner.Limits;
import dev.stowage.settings.InvalidSettingException;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The limits of owners that have none of their own.
 *
 * @param rateLimit requests a minute; 0: any number
 * @param uploadsAtOnce requests that send bytes, at the same time; 0: any number
 */
@ConfigurationProperties("stowage")
public record LimitProperties(@DefaultValue("0") int rateLimit, @DefaultValue("0") int uploadsAtOnce) {

	public LimitProperties {
		require("rate-limit", rateLimit);
		require("uploads-at-once", uploadsAtOnce);
	}

	private static void require(String name, int limit) {
		InvalidSettingException.require(limit >= 0 && limit <= Limits.MOST,
				"stowage." + name + " must be 0 to " + Limits.MOST);
	}

	Limits limits() {
		return new Limits(this.rateLimit, this.uploadsAtOnce);
	}

}
