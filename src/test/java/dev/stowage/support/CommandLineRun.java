package dev.stowage.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.stowage.StowageApplication;

/**
 * A command of the command line that was run in a process of its own.
 *
 * @param code the exit code
 * @param results what it printed
 * @param errors what it wrote to the standard error
 */
public record CommandLineRun(int code, String results, String errors) {

	private static final int MAX_SECONDS = 180;

	/** Runs one with settings from the environment. */
	public static CommandLineRun of(Path folder, Map<String, String> environment, String... arguments)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(java());
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
		builder.environment().putAll(environment);
		Process process = builder.start();
		process.getOutputStream().close();
		CompletableFuture<String> errors = CompletableFuture.supplyAsync(() -> read(process));
		String results = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
			process.destroyForcibly();
			throw new IOException("The command does not end: " + results);
		}
		return new CommandLineRun(process.exitValue(), results, errors.join());
	}

	/** How {@code java -jar stowage.jar} is spelt without a jar. */
	public static List<String> java() {
		return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
				"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
				System.getProperty("java.class.path"), StowageApplication.class.getName());
	}

	private static String read(Process process) {
		try {
			return new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

}
