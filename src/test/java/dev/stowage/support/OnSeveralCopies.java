package dev.stowage.support;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Gives each test three instances, and a client that calls a random one. */
public abstract class OnSeveralCopies {

	protected static final long SEED = Long.getLong("test.seed", System.nanoTime());

	@RegisterExtension
	final AfterTestExecutionCallback seed = (context) -> context.getExecutionException()
		.ifPresent((ex) -> LoggerFactory.getLogger(getClass()).error("Failed with -Dtest.seed={}", SEED));

	@TempDir
	protected Path folder;

	private final Random random = new Random(SEED);

	protected SharedBacking backing;

	protected Copies copies;

	@BeforeEach
	void start() {
		this.backing = new SharedBacking(this.folder);
		this.copies = Copies.start(this.backing, this.folder);
	}

	@AfterEach
	void close() throws IOException {
		this.copies.close();
		this.backing.close();
	}

	protected Caller any() {
		return this.copies.any(this.random);
	}

}
