package dev.stowage.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.stowage.memory.RevokingMemory;
import dev.stowage.memory.UploadMemory;
import dev.stowage.storage.IncomingBytes;
import dev.stowage.storage.UploadStalledException;
import dev.stowage.storage.s3.parts.AppendPipeline;
import dev.stowage.storage.s3.parts.S3Timeouts;
import dev.stowage.storage.s3.parts.UploadCalls;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What is appended for clients that lose their memory because they are slow. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AppendStallTests {

	/** What needs no memory. */
	private static final int FIRST = 16 * 1024;

	private static final int CHUNK = UploadMemory.CHUNK_SIZE;

	@TempDir
	static Path folder;

	private TestStore engine;

	@BeforeAll
	void start() {
		this.engine = TestStore.embedded(folder);
	}

	@AfterAll
	void stop() throws IOException {
		this.engine.close();
	}

	@ParameterizedTest
	@CsvSource({ "1, 81920", "1, 81921", "3, 212993", "3, 1000000", "96, 9000000", "128, 8388609", "128, 9000000" })
	void keepsEveryByteThatWasRead(int chunks, int size) throws Exception {
		byte[] all = Samples.bytes(size);
		InputStream client = Samples.stream(all);
		RevokingMemory memory = new RevokingMemory(4 * Samples.CHUNKS, chunks);
		AtomicBoolean cancelled = new AtomicBoolean();
		Grower grower = new Grower(this.engine.store(), Samples.newKey());
		AppendPipeline pipeline = pipeline(memory);
		assertThatExceptionOfType(UploadStalledException.class).isThrownBy(() -> pipeline.append(grower.object(),
				new IncomingBytes(client, Grower.ANY, "alice", () -> cancelled.set(true)), grower));
		assertThat(cancelled).isTrue();
		int read = size - client.available();
		assertThat(read).isLessThanOrEqualTo(FIRST + chunks * CHUNK + 1);
		assertThat(grower.kept()).isEqualTo(Grower.sumOf(all, read));
		assertThat(memory.available()).isEqualTo(memory.capacity());
		grower.ending().appendOf(all, size);
		grower.finish();
		assertThat(this.engine.bytes(grower.key())).isEqualTo(all);
	}

	@Test
	void keepsNothingWhenTheStreamFailsBecauseItWasCancelled() {
		RevokingMemory memory = new RevokingMemory(4 * Samples.CHUNKS, 1);
		Grower grower = new Grower(this.engine.store(), Samples.newKey());
		InputStream broken = Samples.streamThen(FIRST + 100, () -> {
			throw new IOException("the server ended the input");
		});
		AppendPipeline pipeline = pipeline(memory);
		assertThatExceptionOfType(UploadStalledException.class)
			.isThrownBy(() -> pipeline.append(grower.object(), IncomingBytes.of(broken, Grower.ANY), grower));
		assertThat(grower.told()).isEmpty();
		assertThat(memory.available()).isEqualTo(memory.capacity());
	}

	private AppendPipeline pipeline(UploadMemory memory) {
		return new AppendPipeline(
				new UploadCalls(this.engine.client, this.engine.connection.bucket(), S3Timeouts.USUAL), memory);
	}

}
