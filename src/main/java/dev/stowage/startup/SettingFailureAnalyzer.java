package dev.stowage.startup;

import dev.stowage.storage.StorageStartException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesBindException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Explains what is wrong with a setting, and what to do, instead of a stack trace. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class SettingFailureAnalyzer implements FailureAnalyzer {

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		boolean binding = false;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof InvalidSettingException invalid) {
				return analysis(invalid, invalid.action());
			}
			if (cause instanceof StorageStartException) {
				return analysis(cause, "Change the setting that is named above, and start again.");
			}
			binding |= cause instanceof ConfigurationPropertiesBindException;
			// messages of the records; Boot explains those of its converters
			if (binding && cause instanceof IllegalArgumentException && isOurs(cause)) {
				return analysis(cause, "Correct the setting, and start again.");
			}
		}
		return null;
	}

	private static boolean isOurs(Throwable cause) {
		StackTraceElement[] trace = cause.getStackTrace();
		return trace.length > 0 && trace[0].getClassName().startsWith("dev.stowage.");
	}

	private static FailureAnalysis analysis(Throwable cause, String action) {
		return new FailureAnalysis(cause.getMessage(), action, cause);
	}

}
