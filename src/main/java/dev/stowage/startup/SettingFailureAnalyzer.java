package dev.stowage.startup;

import dev.stowage.settings.InvalidSettingException;
import dev.stowage.storage.StorageStartException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Explains what is wrong with a setting, and what to do, instead of a stack trace. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class SettingFailureAnalyzer implements FailureAnalyzer {

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof InvalidSettingException invalid) {
				return analysis(invalid, invalid.action());
			}
			if (cause instanceof StorageStartException) {
				return analysis(cause, "Change the setting that is named above, and start again.");
			}
		}
		return null;
	}

	private static FailureAnalysis analysis(Throwable cause, String action) {
		return new FailureAnalysis(cause.getMessage(), action, cause);
	}

}
