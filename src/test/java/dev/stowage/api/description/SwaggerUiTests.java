package dev.stowage.api.description;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.stowage.support.Browser;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The description's page in a real browser. Writes a picture of it to
 * {@code target/docs.png}.
 */
@EnabledIf("dev.stowage.support.Browser#isHere")
class SwaggerUiTests {

	@TempDir
	Path folder;

	@Test
	void showsEveryOperationWithoutAKey() throws Exception {
		try (StowageServer server = StowageServer.start(this.folder.resolve("data"))) {
			String url = server.url("/docs").toString();
			assertThat(Browser.open(this.folder, url)).contains("List finished files",
					"Upload a file, or ask for a URL to upload one to", "Show a file", "Delete a file permanently",
					"Download a file, or get a link to it", "Verify what was uploaded to the URL, and make it the file",
					"Stowage, for clients of Anthropic</option>");
			assertThat(Browser.log(this.folder)).doesNotContain("Content Security Policy");
			Path picture = Path.of("target/docs.png");
			Browser.photograph(this.folder, url, picture);
			assertThat(Files.size(picture)).isGreaterThan(20_000);
		}
	}

}
