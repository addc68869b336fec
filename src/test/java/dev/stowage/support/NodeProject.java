package dev.stowage.support;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Map;

import org.slf4j.LoggerFactory;

/** Packages in JavaScript, which npm installs once for all processes. */
public final class NodeProject {

	/** The clients that tests run. */
	public static final Path FOLDER = Path.of("src/test/node");

	public static final Path LOCK = FOLDER.resolve("package-lock.json");

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

	/** Installs the clients, and returns the folder of installed packages. */
	public static Path install() throws IOException {
		return install(FOLDER);
	}

	/** Installs what the lock file of a folder names. */
	@SuppressWarnings("try")
	public static synchronized Path install(Path folder) throws IOException {
		Path modules = folder.resolve("node_modules");
		Files.createDirectories(Path.of("target"));
		try (FileChannel file = FileChannel.open(Path.of("target/npm.lock"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE); FileLock lock = file.lock()) {
			// npm writes this file last, so it marks a complete installation
			Path installed = modules.resolve(".package-lock.json");
			if (!Files.exists(installed) || Files.getLastModifiedTime(installed).compareTo(lockedAt(folder)) < 0) {
				Command.run(folder, Map.of(), "npm", "ci");
			}
		}
		return modules;
	}

	private static FileTime lockedAt(Path folder) throws IOException {
		return Files.getLastModifiedTime(folder.resolve("package-lock.json"));
	}

}
