package dev.stowage.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.stowage.support.ChildProcess;
import dev.stowage.support.JavaProcess;
import dev.stowage.support.NodeProject;

/**
 * A program that does the same work as others in front of the same store.
 *
 * @param name what tables call it
 * @param start starts a fresh process of it
 * @param starts the CPU that each start took
 * @param cold the first work of each process
 * @param warm the work of a warm process, round by round
 */
record Contender(String name, Callable<Subject> start, List<Sample> starts, List<Sample> cold, List<Sample> warm) {

	private static final Path PEER = Path.of("src/bench/node").toAbsolutePath();

	private Contender(String name, Callable<Subject> start) {
		this(name, start, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
	}

	/** The server as its image starts it. */
	static Contender image(Store store, Map<String, String> settings) {
		return new Contender("Stowage, as its image", () -> ServerProcess
			.start(Files.createTempDirectory("stowage-bench"), store, settings, Application.command()));
	}

	/** The server from its jar alone. */
	static Contender jar(Store store, Map<String, String> settings) {
		return new Contender("Stowage, plain jar", () -> ServerProcess.start(store, settings));
	}

	/** A {@link Floor}. */
	static Contender floor(Store.Forgetful store, boolean signed) {
		return new Contender("floor", () -> {
			List<String> arguments = new ArrayList<>(Scale.JAVA_OPTIONS);
			int port = JavaProcess.freePort();
			arguments.addAll(List.of("-cp", Subject.classes(), Floor.class.getName(), Integer.toString(port),
					Integer.toString(store.endpoint().getPort()), Boolean.toString(signed)));
			Path folder = Files.createTempDirectory("stowage-floor");
			return up(folder, port, new JavaProcess(folder.resolve("log"), Map.of(), arguments));
		});
	}

	/** The server in {@code src/bench/node}. */
	static Contender peer(Store store) {
		return new Contender("Fastify", () -> {
			NodeProject.install(PEER);
			int port = JavaProcess.freePort();
			Map<String, String> environment = new HashMap<>(store.environment());
			environment.putAll(Map.of("NODE_ENV", "production", "PORT", Integer.toString(port)));
			Path folder = Files.createTempDirectory("stowage-peer");
			return up(folder, port, new ChildProcess(folder.resolve("log"), environment,
					List.of("node", PEER.resolve("server.js").toString())));
		});
	}

	private static Subject up(Path folder, int port, ChildProcess process) throws IOException, InterruptedException {
		Subject subject = new Subject(folder, Subject.local(port), process);
		// any path without a file
		subject.awaitUp("/");
		return subject;
	}

	/** Measures a fresh process, which it ends. */
	void measureCold(Work work) throws Exception {
		try (Subject subject = this.start.call()) {
			subject.settle();
			this.starts.add(new Sample(1, 0, subject.usage().cpuSeconds()));
			this.cold.add(work.measureFirst(subject));
		}
	}

}
