package dev.stowage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.stowage.support.Secrets;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Runs after all other tests, and searches what they and their servers have printed.
 * Metrics, errors, threads and the output of other processes are searched while they
 * last, see {@link Secrets}.
 */
class LoggedSecretsTests {

	private static final Path REPORTS = Path.of("target", "surefire-reports");

	@Test
	void areNowhereInTheOutputOfTheWholeRun() throws IOException {
		List<Path> outputs = outputs();
		assumeThat(outputs).as("the output of other tests").isNotEmpty();
		Predicate<String> search = Secrets.search();
		if (outputs.stream().anyMatch((output) -> output.endsWith("dev.stowage.StowageTests-output.txt"))) {
			assertThat(search).accepts(StowageServer.ALICE);
		}
		List<String> found = new ArrayList<>();
		for (Path output : outputs) {
			// some tests print bytes that are no text
			try (Stream<String> lines = Files.lines(output, StandardCharsets.ISO_8859_1)) {
				lines.filter(search).forEach((line) -> found.add(output.getFileName() + ": " + line));
			}
		}
		assertThat(found).isEmpty();
	}

	private static List<Path> outputs() throws IOException {
		if (!Files.exists(REPORTS)) {
			return List.of();
		}
		try (Stream<Path> files = Files.list(REPORTS)) {
			return files.filter((file) -> file.toString().endsWith("-output.txt")).toList();
		}
	}

}
