package dev.stowage.storage.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.stowage.memory.UploadMemory;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.embedded.EmbeddedS3;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Many clients that disconnect at every stage of an upload. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UploadCancellationTests {

	private static final int CLIENTS = 16;

	private static final int UPLOADS = 625;

	private static final byte[] BYTES = Samples.bytes(2 * Samples.BUFFER + 1);

	/** Where the buffers of an upload begin and end. */
	private static final int[] EDGES = { 0, 1, 16 * 1024, 16 * 1024 + 1, 16 * 1024 + UploadMemory.CHUNK_SIZE };

	@Test
	void allMemoryIsFreeAgainAfterTenThousandAbortedUploads(@TempDir Path folder) throws Exception {
		try (EmbeddedS3 engine = StoreUnderTest.startEmbedded(folder);
				StoreUnderTest subject = new StoreUnderTest(engine.connection(), 4)) {
			List<Future<?>> clients = new ArrayList<>();
			try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
				for (int client = 0; client < CLIENTS; client++) {
					Random random = new Random(client);
					clients.add(executor.submit(() -> {
						for (int upload = 0; upload < UPLOADS; upload++) {
							abort(subject, stage(random, upload));
						}
					}));
				}
			}
			for (Future<?> client : clients) {
				client.get();
			}
			assertThat(subject.memory().available()).isEqualTo(subject.memory().capacity());
			assertThat(subject.memory().waiting()).isZero();
			assertThat(subject.openUploads(new ObjectKey("tests"))).isEmpty();
			ObjectKey key = Samples.newKey();
			assertThat(subject.store().put(key, Samples.stream(BYTES), BYTES.length)).isEqualTo(BYTES.length);
		}
	}

	/** Few of them send a whole part, because that is slow. */
	private static int stage(Random random, int upload) {
		if (upload % 100 == 99) {
			return Samples.BUFFER + random.nextInt(Samples.BUFFER);
		}
		return random.nextBoolean() ? EDGES[random.nextInt(EDGES.length)] : random.nextInt(300_000);
	}

	private static void abort(StoreUnderTest subject, int arrived) {
		IOException hangUp = new IOException("the client disconnected");
		InputStream bytes = new SequenceInputStream(new ByteArrayInputStream(BYTES, 0, arrived),
				Samples.streamThen(0, () -> {
					throw hangUp;
				}));
		ObjectKey key = Samples.newKey();
		assertThatThrownBy(() -> subject.store().put(key, bytes, BYTES.length)).isSameAs(hangUp);
	}

}
