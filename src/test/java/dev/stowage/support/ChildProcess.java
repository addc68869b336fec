package dev.stowage.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A program that ends with this JVM. Its output goes to a file. */
public class ChildProcess implements AutoCloseable {

	private static final int TRIES = 100;

	private static final Duration PATIENCE = Duration.ofMinutes(4);

	private final Process process;

	private final Path output;

	private final Thread end;

	public ChildProcess(Path output, Map<String, String> environment, List<String> command) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
		builder.environment().putAll(environment);
		this.process = builder.start();
		this.output = output;
		this.end = new Thread(this.process::destroyForcibly);
		Runtime.getRuntime().addShutdownHook(this.end);
	}

	/**
	 * A port on which nobody listens, below those that the system gives to outgoing
	 * connections, which would take it before it is used.
	 */
	public static int freePort() throws IOException {
		BindException last = new BindException("None was tried");
		for (int i = 0; i < TRIES; i++) {
			int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
			try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
				return socket.getLocalPort();
			}
			catch (BindException ex) {
				last = ex;
			}
		}
		throw last;
	}

	/** Waits until a GET of the URL answers 200. */
	public void awaitUp(URI url) throws IOException, InterruptedException {
		long end = System.nanoTime() + PATIENCE.toNanos();
		while (!isUp(url)) {
			if (!this.process.isAlive() || System.nanoTime() > end) {
				throw new IOException(url + " does not answer:\n" + output());
			}
			Thread.sleep(100);
		}
	}

	private static boolean isUp(URI url) throws IOException {
		HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
		try {
			return connection.getResponseCode() == 200;
		}
		catch (IOException ex) {
			return false;
		}
		finally {
			connection.disconnect();
		}
	}

	/** Its process id while it runs. */
	public long pid() throws IOException {
		if (!this.process.isAlive()) {
			throw new IOException("The process ended with " + this.process.exitValue() + ":\n" + output());
		}
		return this.process.pid();
	}

	/** Its whole output. */
	public String output() throws IOException {
		return Files.readString(this.output);
	}

	/** Asks it to end, by SIGTERM. */
	public void terminate() {
		this.process.destroy();
	}

	/** Waits for its end, and returns its exit code. */
	public int awaitEnd() throws IOException, InterruptedException {
		if (!this.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
			throw new IOException("The process does not end:\n" + output());
		}
		return this.process.exitValue();
	}

	public boolean isAlive() {
		return this.process.isAlive();
	}

	/** Ends it immediately, by SIGKILL. */
	public void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
		end();
	}

	@Override
	public void close() {
		this.process.destroy();
		this.process.onExit().completeOnTimeout(this.process, 30, TimeUnit.SECONDS).join().destroyForcibly();
		end();
	}

	private void end() {
		Runtime.getRuntime().removeShutdownHook(this.end);
		try {
			// a process that was killed may have ended inside a character
			Secrets.requireNoneIn("the output of a process",
					Files.readString(this.output, StandardCharsets.ISO_8859_1));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
