package dev.stowage.support;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import dev.stowage.database.TestDatabase;
import dev.stowage.storage.FailingObjectStore;
import dev.stowage.storage.s3.TestStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

/** Gives each test its own world, on one engine per class. */
public abstract class InFileWorld extends OnEachBacking {

	@TempDir
	static Path objects;

	private static TestStore engine;

	@TempDir
	protected Path folder;

	protected FileWorld world;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		engine = backing.store(objects);
	}

	@AfterParameterizedClassInvocation
	static void stop() throws IOException {
		engine.close();
	}

	@BeforeEach
	protected void setUp() {
		this.world = world(Map.of());
	}

	protected static TestStore engine() {
		return engine;
	}

	/** Another one over the same rows and objects. */
	protected FileWorld world(Map<String, String> settings) {
		return world(settings, new FailingObjectStore(engine.store()));
	}

	protected FileWorld world(Map<String, String> settings, FailingObjectStore store) {
		return new FileWorld(TestDatabase.of(this.backing, this.folder), engine, settings, store);
	}

	@AfterEach
	protected void close() {
		this.world.close();
		if (this.backing == Backing.DISTRIBUTED) {
			Backing.giveBack(this.folder);
		}
	}

}
