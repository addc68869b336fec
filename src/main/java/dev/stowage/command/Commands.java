package dev.stowage.command;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

import dev.stowage.startup.StartFailure;
import dev.stowage.storage.ObjectStoreException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import org.springframework.core.NestedExceptionUtils;

/**
 * All commands. Each is a class with {@code @Command}, named here as a subcommand.
 * Results go to the standard output, everything that is logged to the standard error.
 */
@Command(name = "stowage",
		subcommands = { CheckCommand.class, KeysCommand.class, OwnersCommand.class, HelpCommand.class },
		mixinStandardHelpOptions = true, versionProvider = JarVersion.class,
		description = { "Without a command, the server starts.",
				"A command uses the settings of the server: the same environment variables, and application.yaml"
						+ " in the current directory. It may run while servers run." },
		synopsisHeading = "Usage: ", commandListHeading = "%nCommands:%n", exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:nothing to report", "1:findings", "2:wrong usage, or the database or the store failed" },
		footerHeading = "%nExamples:%n",
		footer = { "  java -jar stowage.jar check", "  java -jar stowage.jar help check",
				"  docker compose exec stowage java -jar stowage.jar owners list" })
public final class Commands implements Runnable {

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	private Commands() {
	}

	/** Whether the arguments name a command. Any others are the server's. */
	public static boolean areMeant(String... arguments) {
		return arguments.length > 0 && (arguments[0].equals("--help") || isCommand(arguments[0]));
	}

	/** A server's arguments begin with dashes, and need not wait for this look-up. */
	private static boolean isCommand(String name) {
		return !name.startsWith("-") && new CommandLine(new Commands()).getSubcommands().containsKey(name);
	}

	/** Runs a command, and returns the exit code of the process. */
	public static int run(String... arguments) {
		PrintStream results = System.out;
		// so that no line of a library is taken for a result
		System.setOut(System.err);
		try {
			return run(new PrintWriter(results, true, StandardCharsets.UTF_8),
					new PrintWriter(System.err, true, StandardCharsets.UTF_8), arguments);
		}
		finally {
			System.setOut(results);
		}
	}

	private static int run(PrintWriter results, PrintWriter errors, String... arguments) {
		return new CommandLine(new Commands()).setOut(results)
			.setErr(errors)
			.setUsageHelpAutoWidth(false)
			.setExecutionExceptionHandler((failure, command, parsed) -> {
				errors.println(explain(failure));
				return ExitCode.FAILED;
			})
			.execute(arguments);
	}

	private static String explain(Throwable failure) {
		String text = StartFailure.explain(failure)
			.orElseGet(
					() -> (failure instanceof ObjectStoreException) ? "The object store failed: " + failure.getMessage()
							: String.valueOf(NestedExceptionUtils.getMostSpecificCause(failure)));
		return text.replaceAll("\\s*\\R\\s*", " ");
	}

	@Override
	public void run() {
		throw new ParameterException(this.spec.commandLine(), "Name a command");
	}

}
