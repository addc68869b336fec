package dev.stowage.startup;

import java.nio.file.Path;

import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static dev.stowage.support.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/** What a start reports about the files that it found, and about missing keys. */
@ExtendWith(OutputCaptureExtension.class)
class StartReportTests {

	@TempDir
	Path folder;

	@Test
	@SuppressWarnings("try")
	void saysWhereFilesAreAndHowManyNobodyCanReach(CapturedOutput output) {
		try (StowageServer server = StowageServer.start(this.folder)) {
			await().until(() -> output.getOut().contains("There are 0 files; 0 of them belong to 0 owners"));
			server.alice().uploaded("user_data", "a", "x");
			server.bob().uploaded("user_data", "b", "x");
			server.bob().uploaded("user_data", "c", "x");
		}
		try (StowageServer server = StowageServer.start(this.folder, "stowage.api-keys=alice=" + StowageServer.ALICE)) {
			await()
				.until(() -> output.getOut().contains("There are 3 files; 2 of them belong to 1 owners without a key"));
			assertThat(output).contains("The data folder is " + this.folder.toAbsolutePath());
		}
	}

	@Test
	void refusesNoKeysWhereThereWereSomeUnlessToldSo(CapturedOutput output) {
		StowageServer.start(this.folder).close();
		assertThatException().isThrownBy(() -> StowageServer.start(this.folder, "stowage.api-keys="));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("STOWAGE_API_KEYS names no key, but servers on this database had keys before.")
			.contains("Or set it to none");
		try (StowageServer server = StowageServer.start(this.folder, "stowage.api-keys=none")) {
			assertThat(output).contains("export API_KEY=sk-");
			assertThat(server.alice().get("/v1/files").status()).isEqualTo(401);
		}
		// which is remembered
		StowageServer.start(this.folder, "stowage.api-keys=").close();
	}

}
