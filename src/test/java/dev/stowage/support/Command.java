package dev.stowage.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs programs as a user would, such as {@code curl}. */
public final class Command {

	private static final int MAX_SECONDS = 180;

	private Command() {
	}

	/** Runs a program that must succeed, and returns everything that it printed. */
	public static String run(Path folder, Map<String, String> environment, String... command) {
		try {
			ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
			builder.environment().putAll(environment);
			Process process = builder.start();
			process.getOutputStream().close();
			Executor later = CompletableFuture.delayedExecutor(MAX_SECONDS, TimeUnit.SECONDS);
			CompletableFuture<Void> end = CompletableFuture.runAsync(process::destroyForcibly, later);
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			int status = process.waitFor();
			end.cancel(false);
			assertThat(status).as("%s said:%n%s", String.join(" ", command), output).isZero();
			return output;
		}
		catch (IOException ex) {
			throw new AssertionError("Cannot run " + command[0], ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	/** Whether a program can be run at all. */
	public static boolean exists(String program) {
		try {
			Process process = new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
			process.getInputStream().readAllBytes();
			return process.waitFor() == 0;
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

}
