package dev.stowage.command;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.stowage.owner.Owner;
import dev.stowage.startup.SettingsCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The beans of a command, without a web server, a scheduler or migrations. Each is
 * created when it is first needed, so a command that uses only the database does not
 * connect to the store.
 */
final class CommandContext implements AutoCloseable {

	/** Only what an operator can act on. The rest is in the exception. */
	private static final Map<String, Object> LOG_LEVELS = Map.of("logging.level.root", "warn",
			"logging.level.stowage.audit", "info", "logging.level.com.zaxxer.hikari", "off",
			"logging.level.org.flywaydb", "error", "logging.level.org.springframework", "error",
			"logging.level.org.springframework.boot.SpringApplication", "off",
			"logging.level.org.springframework.boot.diagnostics", "off");

	private static final Logger audit = LoggerFactory.getLogger("stowage.audit");

	private static final String NONE = "-";

	private final ConfigurableApplicationContext beans;

	private final boolean audited;

	private CommandContext(ConfigurableApplicationContext beans) {
		this.beans = beans;
		// before anything is changed, because its value may be refused
		this.audited = beans.getEnvironment().getProperty("stowage.audit", Boolean.class, false);
	}

	/** Opens one with the settings of the server. */
	static CommandContext open() {
		SpringApplication application = new SpringApplication(CommandConfiguration.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setInitializers(List.of(new SettingsCheck()));
		application.setLazyInitialization(true);
		application.setRegisterShutdownHook(false);
		application.setLogStartupInfo(false);
		application.setDefaultProperties(LOG_LEVELS);
		return new CommandContext(application.run("--spring.datasource.hikari.maximum-pool-size=2",
				// statements have limits of their own, which may be hours
				"--spring.datasource.hikari.data-source-properties.socketTimeout=0"));
	}

	<T> T bean(Class<T> type) {
		return this.beans.getBean(type);
	}

	/**
	 * Writes what the command has changed to the log of actions, if there is one, in the
	 * form of the administration's lines.
	 * @param project whose key or quota it is, if the command knows that
	 * @param id of a key; empty if none was changed
	 */
	void audit(String action, Optional<Owner> project, Optional<String> id) {
		if (this.audited) {
			audit.info("{} request=command owner=- key=- address=- project={} id={} status=done code=-", action,
					project.map(Owner::name).orElse(NONE), id.orElse(NONE));
		}
	}

	@Override
	public void close() {
		this.beans.close();
	}

}
