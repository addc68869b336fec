package dev.stowage.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.stowage.bench.Application;
import dev.stowage.support.ChildProcess;
import dev.stowage.support.JavaProcess;

/** A server process that can be killed and started again over the same data. */
final class Server implements AutoCloseable {

	static final String KEY = "sk-faults-0123456789abcdef";

	private final World world;

	/** Not deleted with the rest. */
	private final Path logs = Files.createTempDirectory(Path.of("target"), "faults-logs-");

	private final Map<String, String> environment = new HashMap<>();

	private final URI url;

	private Optional<JavaProcess> process = Optional.empty();

	private int starts;

	/** Of another version, if it has the arguments of {@code java}. */
	private final Optional<List<String>> other;

	Server(World world, Map<String, String> settings) throws IOException {
		this(world, settings, Optional.empty());
	}

	/** Of another version. */
	Server(World world, Map<String, String> settings, Path jar) throws IOException {
		this(world, settings, Optional.of(Application.start(jar)));
	}

	private Server(World world, Map<String, String> settings, Optional<List<String>> other) throws IOException {
		this.world = world;
		this.other = other;
		int port = ChildProcess.freePort();
		this.url = URI.create("http://127.0.0.1:" + port);
		this.environment.put("SERVER_PORT", Integer.toString(port));
		this.environment.put("SERVER_ADDRESS", "127.0.0.1");
		this.environment.put("STOWAGE_API_KEYS", "faults=" + KEY);
		this.environment.put("STOWAGE_SWEEP_INTERVAL", "1s");
		this.environment.putAll(world.environment());
		this.environment.putAll(settings);
	}

	URI url() {
		return this.url;
	}

	World world() {
		return this.world;
	}

	/** Starts it without waiting until it answers. */
	Server start() throws IOException, InterruptedException {
		this.starts++;
		List<String> command = this.other.isPresent() ? this.other.get() : Application.command();
		this.process = Optional.of(new JavaProcess(log(this.starts), this.environment, command));
		return this;
	}

	/** Waits until it answers, and returns how long that took. */
	Duration awaitReady() throws IOException, InterruptedException {
		long start = System.nanoTime();
		running().awaitUp(this.url.resolve("/actuator/health/readiness"));
		return Duration.ofNanos(System.nanoTime() - start);
	}

	JavaProcess running() {
		return this.process.orElseThrow();
	}

	void kill() throws InterruptedException {
		this.world.renewWordTime();
		running().kill();
	}

	private Path log(int start) {
		return this.logs.resolve(start + ".log");
	}

	/** The lines that it logged with a word in them, over all starts. */
	List<String> logged(String word) throws IOException {
		try (Stream<Path> logs = Files.list(this.logs)) {
			return logs.flatMap(Server::lines).filter((line) -> line.contains(word)).toList();
		}
	}

	private static Stream<String> lines(Path log) {
		try {
			return Files.readAllLines(log).stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.ifPresent(JavaProcess::close);
	}

}
