package dev.stowage.console;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether there is a console.
 *
 * @param console whether {@code /} leads to it; otherwise neither path exists
 */
@ConfigurationProperties("stowage")
public record ConsoleProperties(@DefaultValue("true") boolean console) {

	/** The condition of what exists only with a console. */
	static final String IS_ON = "environment.getProperty('stowage.console', T(Boolean), true)";

}
