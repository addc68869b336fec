package dev.stowage.command;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.stowage.support.CommandLineRun;
import dev.stowage.support.SystemProperties;

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
					errors.toString(StandardCharsets.UTF_8));
		}
		finally {
			System.setOut(out);
			System.setErr(err);
		}
	}

}
