package dev.stowage.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import dev.stowage.storage.embedded.EmbeddedS3;
import dev.stowage.storage.embedded.EmbeddedS3Credentials;
import dev.stowage.storage.s3.StoreUnderTest;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/** The embedded engine alone, in a process that can be killed without the server. */
public final class EngineProcess {

	private EngineProcess() {
	}

	/** The key of an engine over a folder. */
	public static AwsCredentials credentials(Path folder) {
		try {
			return EmbeddedS3Credentials.keptIn(folder);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Serves a folder on a port, until it is ended. */
	public static void main(String[] arguments) throws InterruptedException {
		EmbeddedS3.start(new StorageProperties(Path.of(arguments[0]), List.of(), Duration.ofMinutes(5),
				StoreUnderTest.embedded(Integer.parseInt(arguments[1]))));
		Thread.currentThread().join();
	}

}
