package dev.stowage.command;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.stowage.support.CommandLineRun;
import dev.stowage.support.SystemProperties;

import static java.util.stream.Collectors.joining;

/** Runs commands in this process, which is faster than in one of their own. */
final class RunHere {

	private RunHere() {
	}

	/** Runs one with settings from system properties. */
	static CommandLineRun command(Map<String, String> settings, String... arguments) {
		ByteArrayOutputStream results = new ByteArrayOutputStream();
		ByteArrayOutputStream errors = new ByteArrayOutputStream();
		PrintStream out = System.out;
		PrintStream err = System.err;
		try (SystemProperties properties = new SystemProperties()) {
			settings.forEach(properties::set);
			System.setOut(new PrintStream(results, true, StandardCharsets.UTF_8));
			System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
			int code = Commands.run(arguments);
			return new CommandLineRun(code, results.toString(StandardCharsets.UTF_8),
					withoutOtherThreads(errors.toString(StandardCharsets.UTF_8)));
		}
		finally {
			System.setOut(out);
			System.setErr(err);
		}
	}

	/**
	 * A command sets the log up. What a server in this process logs meanwhile has nowhere
	 * to go, which Logback says here; a command alone in its process has no such line.
	 */
	private static String withoutOtherThreads(String errors) {
		return errors.lines()
			.filter((line) -> !line.contains(" |-WARN in Logger[") || !line.contains("No appenders present"))
			.map((line) -> line + System.lineSeparator())
			.collect(joining());
	}

}
