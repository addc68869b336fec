package dev.stowage.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.stowage.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The description's page in a real browser, headless Chromium. Leaves its picture in
 * {@code target/docs.png}.
 */
@EnabledIf("chromiumIsHere")
class SwaggerUiTests {

	private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

	@TempDir
	Path folder;

	/** On CI it must be. */
	static boolean chromiumIsHere() {
		boolean here = Files.isExecutable(CHROMIUM) || System.getenv("CI") != null;
		if (!here) {
			LoggerFactory.getLogger(SwaggerUiTests.class).warn("SKIPPED: no {} to open /docs with", CHROMIUM);
		}
		return here;
	}

	@Test
	void showsEveryOperationWithoutAKey() throws Exception {
		try (StowageServer server = StowageServer.start(this.folder.resolve("data"))) {
			String page = chromium("--dump-dom", server.url("/docs").toString());
			assertThat(page).contains("List finished files", "Upload a file, or ask for a URL to upload one to",
					"Show a file", "Delete a file for good", "Download a file, or get a link to it",
					"Verify what was uploaded to the URL, and make it the file");
			Path picture = Path.of("target/docs.png").toAbsolutePath();
			Files.deleteIfExists(picture);
			chromium("--screenshot=" + picture, server.url("/docs").toString());
			assertThat(Files.size(picture)).isGreaterThan(20_000);
		}
	}

	private String chromium(String task, String url) throws IOException, InterruptedException {
		Path profile = Files.createTempDirectory(this.folder, "profile");
		Path errors = this.folder.resolve("chromium.log");
		Process process = new ProcessBuilder(Stream
			.of(CHROMIUM.toString(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
					"--disable-background-networking", "--disable-component-update", "--disable-sync",
					"--user-data-dir=" + profile, "--virtual-time-budget=20000", "--window-size=1200,1600", task, url)
			.toList()).redirectError(errors.toFile()).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
		return output;
	}

}
