package dev.stowage.storage.s3;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.embedded.EmbeddedS3;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Uploads that share buffers. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PartPipelineSharingTests {

	@Test
	void manyUploadsShareFewBuffers(@TempDir Path folder) throws Exception {
		try (EmbeddedS3 engine = StoreUnderTest.startEmbedded(folder);
				StoreUnderTest subject = new StoreUnderTest(engine.connection(), 4)) {
			uploadAtOnce(subject);
			assertThat(subject.memory().available()).isEqualTo(4 * Samples.CHUNKS);
		}
	}

	private static void uploadAtOnce(StoreUnderTest subject) throws Exception {
		int size = 20 * 1024 * 1024;
		byte[] bytes = Samples.bytes(size + 16);
		List<Future<?>> uploads = new ArrayList<>();
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int i = 0; i < 16; i++) {
				int offset = i;
				uploads.add(executor.submit(() -> {
					ObjectKey own = Samples.newKey();
					InputStream slice = new ByteArrayInputStream(bytes, offset, size);
					assertThat(subject.store().put(own, slice, size)).isEqualTo(size);
					assertThat(digestOf(subject.store().open(own, size, 0, size).orElseThrow()))
						.isEqualTo(digestOf(new ByteArrayInputStream(bytes, offset, size)));
					subject.store().delete(own);
					return null;
				}));
			}
		}
		for (Future<?> upload : uploads) {
			upload.get();
		}
	}

	private static byte[] digestOf(InputStream bytes) throws Exception {
		try (DigestInputStream in = new DigestInputStream(bytes, MessageDigest.getInstance("SHA-256"))) {
			in.transferTo(OutputStream.nullOutputStream());
			return in.getMessageDigest().digest();
		}
	}

}
