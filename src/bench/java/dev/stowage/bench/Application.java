package dev.stowage.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.stowage.support.JavaProcess;

import org.springframework.util.FileSystemUtils;

/**
 * The server as its image starts it: from the unpacked jar, with a cache of its classes
 * and of what its requests need, where the JDK can make one.
 */
public final class Application {

	static final Path JAR = Path.of("target/stowage.jar").toAbsolutePath();

	private static final Path FOLDER = Path.of("target/app").toAbsolutePath();

	private static final Path TRAINING = Path.of("src/main/docker/Training.java");

	private static final String KEY = "key-of-the-training";

	private static final int JDK_WITH_CACHE = 25;

	private static Optional<List<String>> command = Optional.empty();

	private Application() {
	}

	/** The arguments of {@code java}. */
	public static synchronized List<String> command() throws IOException, InterruptedException {
		if (command.isEmpty()) {
			command = Optional.of(unpack());
		}
		return command.get();
	}

	private static List<String> unpack() throws IOException, InterruptedException {
		FileSystemUtils.deleteRecursively(FOLDER);
		Path log = Files.createTempFile("stowage-app", ".log");
		run(log, Map.of(),
				List.of("-Djarmode=tools", "-jar", JAR.toString(), "extract", "--destination", FOLDER.toString()));
		List<String> start = start(FOLDER.resolve("stowage.jar"));
		if (Runtime.version().feature() < JDK_WITH_CACHE) {
			return start;
		}
		Path cache = FOLDER.resolve("stowage.aot");
		train(log, with(start, "-XX:AOTCacheOutput=" + cache));
		Files.delete(log);
		return with(start, "-XX:AOTCache=" + cache);
	}

	/** As the Dockerfile does it. */
	private static void train(Path log, List<String> start) throws IOException, InterruptedException {
		Path data = Files.createTempDirectory("stowage-training");
		String port = Integer.toString(JavaProcess.freePort());
		try (JavaProcess server = new JavaProcess(data.resolve("log"),
				Map.of("STOWAGE_DATA_DIR", data.resolve("data").toString(), "STOWAGE_S3_EMBEDDED_PORT", "0",
						"SERVER_PORT", port, "SERVER_ADDRESS", "127.0.0.1", "STOWAGE_API_KEYS", "training=" + KEY),
				start)) {
			run(log, Map.of(), List.of(TRAINING.toString(), "http://127.0.0.1:" + port, KEY, "500"));
			server.terminate();
			server.awaitEnd();
		}
		FileSystemUtils.deleteRecursively(data);
	}

	/** The arguments for a jar alone. */
	public static List<String> start(Path jar) {
		return Stream.concat(Scale.JAVA_OPTIONS.stream(), Stream.of("-jar", jar.toString())).toList();
	}

	private static List<String> with(List<String> arguments, String... options) {
		List<String> all = new ArrayList<>(List.of(options));
		all.addAll(arguments);
		return all;
	}

	private static void run(Path log, Map<String, String> environment, List<String> arguments)
			throws IOException, InterruptedException {
		try (JavaProcess process = new JavaProcess(log, environment, arguments)) {
			if (process.awaitEnd() != 0) {
				throw new IOException("java " + arguments + " failed:\n" + Files.readString(log));
			}
		}
	}

}
