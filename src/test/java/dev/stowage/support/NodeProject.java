package dev.stowage.support;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

import org.slf4j.LoggerFactory;

/** The clients in {@code src/test/node}, which npm installs once for all processes. */
public final class NodeProject {

	public static final Path FOLDER = Path.of("src/test/node");

	public static final Path LOCK = FOLDER.resolve("package-lock.json");

	private static final Path MODULES = FOLDER.resolve("node_modules");

	private NodeProject() {
	}

	/** Logs if there is no npm; on CI it must be available. */
	public static boolean isHere() {
		boolean here = (Command.exists("node") && Command.exists("npm")) || System.getenv("CI") != null;
		if (!here) {
			LoggerFactory.getLogger(NodeProject.class)
				.warn("SKIPPED: no node and npm to run clients in JavaScript with");
		}
		return here;
	}

	/** The folder of installed packages. */
	@SuppressWarnings("try")
	public static synchronized Path install() throws IOException {
		Files.createDirectories(Path.of("target"));
		try (FileChannel file = FileChannel.open(Path.of("target/npm.lock"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE); FileLock lock = file.lock()) {
			// npm writes this file last, so it marks a complete installation
			Path installed = MODULES.resolve(".package-lock.json");
			if (!Files.exists(installed)
					|| Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(LOCK)) < 0) {
				Command.run(FOLDER, Map.of(), "npm", "ci");
			}
		}
		return MODULES;
	}

}
