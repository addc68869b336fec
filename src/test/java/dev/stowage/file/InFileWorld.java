package dev.stowage.file;

import java.io.IOException;
import java.nio.file.Path;

import dev.stowage.storage.EmbeddedStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Gives each test a world of its own, over one engine a class. */
abstract class InFileWorld {

	private static EmbeddedStore engine;

	@TempDir
	Path folder;

	FileWorld world;

	@BeforeAll
	static void start(@TempDir Path objects) {
		engine = EmbeddedStore.in(objects);
	}

	@AfterAll
	static void stop() throws IOException {
		engine.close();
	}

	@BeforeEach
	void setUp() {
		this.world = new FileWorld(this.folder, engine);
	}

	static EmbeddedStore engine() {
		return engine;
	}

	@AfterEach
	void close() {
		this.world.close();
	}

}
