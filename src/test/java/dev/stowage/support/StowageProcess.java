package dev.stowage.support;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.stowage.StowageApplication;

/** An instance of the server in a separate process, which signals can reach. */
public final class StowageProcess implements AutoCloseable {

	/** The exit code of a JVM that SIGTERM ended. */
	public static final int TERMINATED = 128 + 15;

	private final JavaProcess process;

	private final int port;

	private StowageProcess(JavaProcess process, int port) {
		this.process = process;
		this.port = port;
	}

	/** Starts one on a free port, and waits until it is ready. */
	public static StowageProcess start(SharedBacking backing, Path folder, String... settings)
			throws IOException, InterruptedException {
		return start(Map.of(), backing, folder, settings);
	}

	/** With more variables in its environment. */
	public static StowageProcess start(Map<String, String> variables, SharedBacking backing, Path folder,
			String... settings) throws IOException, InterruptedException {
		return start(JavaProcess.freePort(), variables, backing, folder, settings);
	}

	/** Starts one on the port of one that has ended. */
	public static StowageProcess start(int port, SharedBacking backing, Path folder, String... settings)
			throws IOException, InterruptedException {
		return start(port, Map.of(), backing, folder, settings);
	}

	private static StowageProcess start(int port, Map<String, String> variables, SharedBacking backing, Path folder,
			String... settings) throws IOException, InterruptedException {
		Map<String, String> values = new LinkedHashMap<>();
		values.put("server.address", "127.0.0.1");
		values.put("server.port", Integer.toString(port));
		values.put("stowage.api-keys", "alice=" + StowageServer.ALICE);
		values.put("stowage.sweep-interval", "1s");
		for (String setting : backing.settings(settings)) {
			values.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
		}
		List<String> arguments = new ArrayList<>(
				List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
						"-cp", System.getProperty("java.class.path"), StowageApplication.class.getName()));
		values.forEach((name, value) -> arguments.add("--" + name + "=" + value));
		Path output = folder.resolve("copy-" + UUID.randomUUID() + ".log");
		Map<String, String> environment = new LinkedHashMap<>(backing.environment());
		environment.putAll(variables);
		StowageProcess copy = new StowageProcess(new JavaProcess(output, environment, arguments), port);
		try {
			copy.process.awaitUp(URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness"));
		}
		catch (IOException ex) {
			copy.close();
			throw ex;
		}
		return copy;
	}

	public int port() {
		return this.port;
	}

	public URI url() {
		return URI.create("http://127.0.0.1:" + this.port);
	}

	public RawConnection connect() throws IOException {
		return new RawConnection(this.port);
	}

	/** Connects from another address of this machine, such as 127.0.0.2. */
	public RawConnection connect(String from) throws IOException {
		return new RawConnection(this.port, from);
	}

	/** Sends SIGTERM. */
	public void terminate() {
		this.process.terminate();
	}

	/** Sends SIGKILL, and waits for its end. */
	public void kill() throws InterruptedException {
		this.process.kill();
	}

	/** Waits for its end, and returns its exit code. */
	public int awaitEnd() throws IOException, InterruptedException {
		return this.process.awaitEnd();
	}

	/** Its whole output. */
	public String output() throws IOException {
		return this.process.output();
	}

	@Override
	public void close() {
		this.process.close();
	}

}
