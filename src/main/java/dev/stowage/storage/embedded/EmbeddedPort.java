package dev.stowage.storage.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port on which the embedded store of a data folder listens, kept in the folder for
 * commands. It means something only while a server has locked the folder.
 */
final class EmbeddedPort {

	private static final Logger logger = LoggerFactory.getLogger(EmbeddedPort.class);

	private static final String NAME = "embedded-s3.port";

	private EmbeddedPort() {
	}

	/** A full disk must not keep the server from starting. */
	static void keep(Path dataDir, int port) {
		try {
			if (read(dataDir, 0) != port) {
				Files.writeString(dataDir.resolve(NAME), Integer.toString(port));
			}
		}
		catch (IOException ex) {
			logger.warn("Could not note the port of the embedded store, so commands may not find it: {}",
					ex.toString());
		}
	}

	/**
	 * Returns the port that a server has noted.
	 * @param configured for servers of versions that noted none
	 */
	static int read(Path dataDir, int configured) throws IOException {
		try {
			return Integer.parseInt(Files.readString(dataDir.resolve(NAME)).strip());
		}
		catch (NoSuchFileException | NumberFormatException ex) {
			return configured;
		}
	}

}
