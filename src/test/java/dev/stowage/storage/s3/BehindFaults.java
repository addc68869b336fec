package dev.stowage.storage.s3;

import java.nio.file.Path;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.embedded.EmbeddedS3;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** One engine, reached directly and through a proxy that fails on demand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BehindFaults {

	@TempDir
	static Path folder;

	private EmbeddedS3 engine;

	FaultyS3 faults;

	StoreUnderTest reliable;

	StoreUnderTest faulty;

	ObjectKey key = Samples.newKey();

	@BeforeAll
	void start() throws Exception {
		this.engine = StoreUnderTest.startEmbedded(folder);
		S3Connection connection = this.engine.connection();
		this.faults = new FaultyS3(connection.endpoint().orElseThrow());
		this.reliable = new StoreUnderTest(connection, 4);
		this.faulty = new StoreUnderTest(StoreUnderTest.at(this.faults.endpoint(), connection), 4);
	}

	@AfterEach
	void recover() {
		assertThat(this.faulty.memory().available()).isEqualTo(this.faulty.memory().capacity());
		assertThat(this.reliable.memory().available()).isEqualTo(this.reliable.memory().capacity());
		this.faults.recover();
		this.key = Samples.newKey();
	}

	@AfterAll
	void stop() throws Exception {
		this.faulty.close();
		this.reliable.close();
		this.faults.close();
		this.engine.close();
	}

}
