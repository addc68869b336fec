package dev.stowage.storage.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Form;
import dev.stowage.support.StowageServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/** With the embedded database and store, too, an acknowledged file is on the disk. */
class DurableAnswerTests {

	private static final byte[] TWO_PARTS = new byte[9 * 1024 * 1024];

	@TempDir
	Path folder;

	/** The recorded steps, in order. */
	private final List<String> steps = Collections.synchronizedList(new ArrayList<>());

	@Test
	void comesAfterTheFileAndItsFoldersAndBeforeTheFileIsThere() {
		Recording disk = new Recording();
		try (StowageServer server = StowageServer.start(Backing.EMBEDDED, this.folder, disk)) {
			disk.database = JdbcClient.create(server.database());
			for (byte[] content : List.of(new byte[1], TWO_PARTS)) {
				this.steps.clear();
				Answer answer = server.alice().upload(new Form().field("purpose", "user_data").file("a", content));
				assertThat(answer.status()).isEqualTo(200);
				assertThat(this.steps).containsExactly(
						"files/" + answer.text("id") + " of " + content.length + " bytes, PENDING", "files", "stowage",
						"objects");
			}
			this.steps.clear();
			String id = server.alice().completed("a.json", "[1]");
			// what was staged is not
			assertThat(this.steps).containsExactly("files/" + id + ".1 of 3 bytes, PENDING", "files", "stowage",
					"objects");
		}
	}

	@Test
	void doesNotComeWhenTheDiskFails() {
		Recording disk = new Recording();
		try (StowageServer server = StowageServer.start(Backing.EMBEDDED, this.folder, disk)) {
			disk.failing = true;
			assertThat(server.alice().upload(new Form().field("purpose", "user_data").file("a", new byte[1])).status())
				.isEqualTo(503);
			assertThat(server.alice().get("/v1/files").ids()).isEmpty();
		}
	}

	@Test
	void waitsForNothingWhereNobodyCares() {
		try (StowageServer server = StowageServer.start(Backing.EMBEDDED, this.folder, new Recording(),
				"stowage.embedded-sync=false")) {
			server.alice().uploaded("user_data", "a", "x");
			server.alice().completed("a.json", "[1]");
			assertThat(this.steps).isEmpty();
		}
	}

	@Test
	void sharesTheFoldersAmongThoseWhoWaitTogether() throws Exception {
		Path first = Files.createFile(this.folder.resolve("0"));
		Recording disk = new Recording();
		disk.slow = true;
		int together = 20;
		CyclicBarrier start = new CyclicBarrier(together);
		try (ExecutorService executor = Executors.newFixedThreadPool(together)) {
			List<Future<?>> all = new ArrayList<>();
			for (int i = 0; i < together; i++) {
				all.add(executor.submit(() -> {
					start.await();
					disk.force(first, this.folder);
					return null;
				}));
			}
			for (Future<?> one : all) {
				one.get();
			}
		}
		assertThat(this.steps.stream().filter((step) -> step.equals(this.folder.getFileName().toString())).count())
			.isBetween(1L, 10L);
	}

	/** Forces and records it; a file is recorded with its length and its row's status. */
	private final class Recording extends ForcedFiles implements BeanPostProcessor {

		private volatile @Nullable JdbcClient database;

		private volatile boolean failing;

		private volatile boolean slow;

		@Override
		public Object postProcessAfterInitialization(Object bean, String name) {
			return (bean instanceof ForcedFiles) ? this : bean;
		}

		@Override
		void forceOne(Path path) throws IOException {
			if (this.failing) {
				throw new IOException("A test made the disk fail");
			}
			if (this.slow) {
				pause();
			}
			super.forceOne(path);
			DurableAnswerTests.this.steps.add(Files.isDirectory(path) ? path.getFileName().toString() : file(path));
		}

		private String file(Path path) throws IOException {
			String name = path.getFileName().toString();
			JdbcClient rows = this.database;
			String status = (rows == null) ? ""
					: rows.sql("SELECT status FROM file WHERE id = ?")
						.param(name.replaceFirst("\\..*", ""))
						.query(String.class)
						.single();
			return Objects.requireNonNull(path.getParent()).getFileName() + "/" + name + " of " + Files.size(path)
					+ " bytes, " + status;
		}

		private static void pause() {
			try {
				Thread.sleep(50);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
