package dev.stowage.storage;

import java.nio.file.Path;
import java.util.List;

/** The embedded engine alone, as a process that can be killed without the server. */
final class EngineProcess {

	private EngineProcess() {
	}

	/** Serves a folder on a port, until it is ended. */
	public static void main(String[] arguments) throws InterruptedException {
		EmbeddedS3.start(new StorageProperties(Path.of(arguments[0]), List.of(),
				StoreUnderTest.embedded(Integer.parseInt(arguments[1]))));
		Thread.currentThread().join();
	}

}
