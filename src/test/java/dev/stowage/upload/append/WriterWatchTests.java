package dev.stowage.upload.append;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import dev.stowage.support.RawConnection;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The watch for newer requests, in a server. */
class WriterWatchTests {

	private static final int FEWER_THAN_TOMCAT_SERVES = 90;

	private static final String UPLOAD = "POST /v1/files?purpose=user_data HTTP/1.1\r\nHost: localhost\r\n"
			+ "Authorization: Bearer " + StowageServer.ALICE
			+ "\r\nUpload-Complete: ?1\r\nContent-Length: 5\r\n\r\nhello";

	/**
	 * Looks without a pause, so that some looks meet an upload that is just completed.
	 */
	@Test
	void leavesTheConnectionOfACompletedUploadToTheNextRequest(@TempDir Path folder) throws Exception {
		AtomicBoolean looking = new AtomicBoolean(true);
		AtomicLong looks = new AtomicLong();
		try (StowageServer server = StowageServer.start(folder)) {
			Writers writers = server.bean("writers", Writers.class);
			Thread watch = Thread.ofPlatform().start(() -> {
				while (looking.get()) {
					writers.look();
					looks.incrementAndGet();
				}
			});
			try {
				for (int i = 0; i < 3; i++) {
					uploadTimes(server, FEWER_THAN_TOMCAT_SERVES);
				}
			}
			finally {
				looking.set(false);
				watch.join();
			}
			// it has not ended early
			assertThat(looks).hasValueGreaterThan(3L * FEWER_THAN_TOMCAT_SERVES);
		}
	}

	private static void uploadTimes(StowageServer server, int times) throws IOException {
		try (RawConnection connection = new RawConnection(server)) {
			for (int i = 0; i < times; i++) {
				assertThat(connection.send(UPLOAD).answer()).as("answer %d", i).startsWith("HTTP/1.1 200");
			}
		}
	}

}
