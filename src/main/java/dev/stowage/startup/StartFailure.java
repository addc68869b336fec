package dev.stowage.startup;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import dev.stowage.storage.StorageStartException;

import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Explains in one line why a command failed, in the words of the server. */
public final class StartFailure {

	private StartFailure() {
	}

	/** What is wrong and what to do; empty if it is not known. */
	public static Optional<String> explain(Throwable failure) {
		// its sentence says what to do, and nothing is started again
		return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
			.filter(StorageStartException.class::isInstance)
			.map((cause) -> cause.getMessage() + ".")
			.findFirst()
			.or(() -> analyzed(failure));
	}

	private static Optional<String> analyzed(Throwable failure) {
		return Stream.<FailureAnalyzer>of(new SettingFailureAnalyzer(), new DatabaseFailureAnalyzer())
			.flatMap((analyzer) -> Optional.ofNullable(analyzer.analyze(failure)).stream())
			.findFirst()
			.map((analysis) -> analysis.getDescription() + " " + analysis.getAction());
	}

}
