package dev.stowage.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.stowage.bench.Application;
import dev.stowage.support.ChildProcess;
import dev.stowage.support.Chromium;
import dev.stowage.support.JavaProcess;
import dev.stowage.support.Soon;
import dev.stowage.support.TcpProxy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a person does who starts the server for the first time: an empty folder, no
 * setting but free ports, the printed key, a browser, and one large file over a network
 * that breaks and goes silent.
 */
@EnabledIf("dev.stowage.support.Browser#isHere")
class NewcomerFaults {

	private static final int BYTES = 1 << 30;

	private static final int CUT_AFTER = 300 << 20;

	private static final int SILENT_MILLIS = 40_000;

	private static final double LONG_MILLIS = 600_000;

	private static final Pattern KEY = Pattern.compile("export API_KEY=(\\S+)");

	@TempDir
	Path folder;

	@Test
	void sharesALargeFileOverABadNetwork() throws Exception {
		Path file = large();
		Path data = Files.createDirectory(this.folder.resolve("data"));
		int port = ChildProcess.freePort();
		Map<String, String> settings = Map.of("SERVER_PORT", Integer.toString(port), "SERVER_ADDRESS", "127.0.0.1",
				"STOWAGE_S3_EMBEDDED_PORT", Integer.toString(ChildProcess.freePort()), "STOWAGE_DATA_DIR",
				data.toString());
		try (JavaProcess server = new JavaProcess(this.folder.resolve("log"), settings, Application.command());
				TcpProxy network = new TcpProxy(port);
				Chromium chromium = Chromium.start()) {
			server.awaitUp(URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness"));
			network.cutAfter(CUT_AFTER);
			Page page = chromium.open("http://127.0.0.1:" + network.port() + "/");
			page.getByLabel("API key or admin key").fill(printedKey(server));
			page.keyboard().press("Enter");
			assertThat(page.locator("#files-view")).isVisible();
			List<String> offsets = new CopyOnWriteArrayList<>();
			page.onRequest((request) -> {
				if (request.method().equals("PATCH")) {
					offsets.add(request.headers().get("upload-offset"));
				}
			});
			Chromium.drop(page, file);
			page.waitForCondition(() -> network.cuts() > 0, new Page.WaitForConditionOptions().setTimeout(LONG_MILLIS));
			network.stall();
			page.waitForTimeout(SILENT_MILLIS);
			network.goOn();
			Locator row = page.locator("#list li").filter(new Locator.FilterOptions().setHasText("large.bin"));
			row.waitFor(new Locator.WaitForOptions().setTimeout(LONG_MILLIS));
			assertThat(page.locator("#total-text")).containsText("1 of 1 file");
			row.getByTitle("Copy a link").click();
			assertThat(page.locator("#live")).containsText("Link copied.");
			String link = (String) page.evaluate("navigator.clipboard.readText()");
			Page other = chromium.open("about:blank");
			Download download = other.waitForDownload(() -> other.evaluate("(url) => { location = url }", link));
			assertThat(Files.mismatch(download.path(), file)).isEqualTo(-1);
			Report.note("1 GiB in %d requests, which began at %s; %d connections were cut".formatted(offsets.size(),
					offsets, network.cuts()));
			assertThat(page.getByRole(AriaRole.ALERT)).hasCount(0);
			chromium.requireNoComplaints();
		}
	}

	private static String printedKey(JavaProcess server) {
		String output = Soon.await().until(server::output, (text) -> KEY.matcher(text).find());
		Matcher key = KEY.matcher(output);
		assertThat(key.find()).isTrue();
		return key.group(1);
	}

	private Path large() throws IOException {
		Path file = this.folder.resolve("large.bin");
		byte[] block = new byte[1 << 20];
		Random random = new Random(17);
		try (OutputStream output = Files.newOutputStream(file)) {
			for (int written = 0; written < BYTES; written += block.length) {
				random.nextBytes(block);
				output.write(block);
			}
		}
		return file;
	}

}
