package dev.stowage.support;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Gives the tests of a class three instances without files, and a client that calls a
 * random one.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class OnSeveralCopies {

	protected static final long SEED = Long.getLong("test.seed", System.nanoTime());

	@RegisterExtension
	final AfterTestExecutionCallback seed = (context) -> context.getExecutionException()
		.ifPresent((ex) -> LoggerFactory.getLogger(getClass()).error("Failed with -Dtest.seed={}", SEED));

	@TempDir
	static Path shared;

	@TempDir
	protected Path folder;

	private final Random random = new Random(SEED);

	protected SharedBacking backing;

	protected Copies copies;

	@BeforeAll
	void start() {
		this.backing = new SharedBacking(shared);
		this.copies = Copies.start(this.backing, shared);
	}

	@BeforeEach
	void begin() {
		this.copies.reset();
		this.backing.clear();
	}

	@AfterAll
	void close() throws IOException {
		this.copies.close();
		this.backing.close();
	}

	protected Caller any() {
		return this.copies.any(this.random);
	}

}
