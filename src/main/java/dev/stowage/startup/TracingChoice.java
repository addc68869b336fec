package dev.stowage.startup;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.StringUtils;

/**
 * Leaves tracing out unless an endpoint for traces is set; otherwise spans would be
 * created and discarded. Logs and metrics are never sent over OTLP.
 */
class TracingChoice implements AutoConfigurationImportFilter, EnvironmentAware {

	/** Boot sets it where {@code OTEL_EXPORTER_OTLP_ENDPOINT} is set. */
	static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

	private static final String OPENTELEMETRY = "org.springframework.boot.opentelemetry.";

	private static final String LOGGING = OPENTELEMETRY + "autoconfigure.logging.";

	private static final String TRACING = "org.springframework.boot.micrometer.tracing.";

	private Environment environment = new StandardEnvironment();

	@Override
	public void setEnvironment(Environment environment) {
		this.environment = environment;
	}

	@Override
	public boolean[] match(@Nullable String[] names, AutoConfigurationMetadata metadata) {
		boolean traced = StringUtils.hasText(this.environment.getProperty(ENDPOINT));
		boolean[] matches = new boolean[names.length];
		for (int i = 0; i < names.length; i++) {
			matches[i] = isWanted(names[i], traced);
		}
		return matches;
	}

	private static boolean isWanted(@Nullable String name, boolean traced) {
		if (name == null || name.startsWith(LOGGING)) {
			return name == null;
		}
		return traced || !(name.startsWith(OPENTELEMETRY) || name.startsWith(TRACING));
	}

}
