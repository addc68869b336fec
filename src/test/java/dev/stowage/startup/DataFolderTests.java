package dev.stowage.startup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

import dev.stowage.support.JavaProcess;
import dev.stowage.support.Soon;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/** The data folder of a server. */
@ExtendWith(OutputCaptureExtension.class)
class DataFolderTests {

	@TempDir
	Path folder;

	@Test
	void belongsToOneServerAtATime(CapturedOutput output) throws IOException {
		try (StowageServer first = StowageServer.start(this.folder)) {
			assertThatException().isThrownBy(() -> StowageServer.start(this.folder));
			assertThat(output).contains("APPLICATION FAILED TO START")
				.contains("The data directory " + this.folder + " is used by another server.")
				.contains("Stop that server, or set STOWAGE_DATA_DIR to another directory.");
			// also by another name
			Path link = Files.createSymbolicLink(this.folder.resolveSibling(this.folder.getFileName() + "-link"),
					this.folder);
			assertThatException().isThrownBy(() -> StowageServer.start(link));
			Files.delete(link);
			assertThat(first.alice().get("/v1/files").status()).isEqualTo(200);
		}
		StowageServer.start(this.folder).close();
	}

	/** A lock belongs to its process and ends with it, however it ends. */
	@Test
	@SuppressWarnings("try")
	void isFreeOnceItsServerWasKilled() throws Exception {
		List<String> hold = List.of("-cp", System.getProperty("java.class.path"), Holder.class.getName(),
				this.folder.toString());
		try (JavaProcess other = new JavaProcess(this.folder.resolveSibling("holder.log"), Map.of(), hold)) {
			Soon.await().until(() -> Files.exists(this.folder.resolve("held")));
			assertThatException().isThrownBy(() -> StowageServer.start(this.folder))
				.withMessageContaining("is used by another server");
		}
		StowageServer.start(this.folder).close();
	}

	@Test
	void isFreeAfterAStartThatFailed() {
		assertThatException().isThrownBy(() -> StowageServer.start(this.folder, "stowage.max-file-size=9000TB"));
		StowageServer.start(this.folder).close();
	}

	@Test
	void keepsTheDatabaseForItsOwnerAlone() throws IOException {
		StowageServer.start(this.folder).close();
		Path database = this.folder.resolve("stowage.db");
		assertThat(permissions(database)).isEqualTo("rw-------");
		Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-r--r--"));
		try (StowageServer server = StowageServer.start(this.folder)) {
			server.alice().uploaded("user_data", "a", "x");
			for (String suffix : List.of("", "-wal", "-shm")) {
				assertThat(permissions(Path.of(database + suffix))).as(suffix).isEqualTo("rw-------");
			}
		}
	}

	private static String permissions(Path file) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
	}

	/** Another process that holds the folder. */
	static final class Holder {

		private Holder() {
		}

		@SuppressWarnings("try")
		public static void main(String[] arguments) throws Exception {
			Path folder = Path.of(arguments[0]);
			try (DataFolder taken = DataFolder.take(folder)) {
				Files.createFile(folder.resolve("held"));
				Thread.sleep(Long.MAX_VALUE);
			}
		}

	}

}
