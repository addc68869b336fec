package dev.stowage.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Dialog;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A real browser that a test drives: headless Chromium by Playwright. It notes what pages
 * did that their policy forbids, and exceptions that nobody caught.
 */
public final class Chromium implements AutoCloseable {

	/** How long a test waits for what a page should show, on a busy machine. */
	private static final int TIMEOUT_MILLIS = 30_000;

	private static final String NOTE_VIOLATIONS = """
			document.addEventListener('securitypolicyviolation', (event) =>
				console.error('violates ' + event.violatedDirective + ': ' + event.blockedURI));""";

	private final Playwright playwright;

	private final com.microsoft.playwright.Browser browser;

	private final List<String> complaints = new CopyOnWriteArrayList<>();

	private Chromium(Playwright playwright) {
		this.playwright = playwright;
		this.browser = playwright.chromium()
			.launch(new BrowserType.LaunchOptions().setExecutablePath(Browser.CHROMIUM).setArgs(Browser.OPTIONS));
	}

	/** Starts one, which nothing is downloaded for. */
	public static Chromium start() {
		PlaywrightAssertions.setDefaultAssertionTimeout(TIMEOUT_MILLIS);
		return new Chromium(Playwright
			.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))));
	}

	/** Opens a page in a profile of its own, as a person who was never here. */
	public Page open(String url) {
		return open(url, (options) -> {
		});
	}

	public Page open(String url, Consumer<NewContextOptions> choice) {
		NewContextOptions options = new NewContextOptions().setViewportSize(1280, 900)
			.setPermissions(List.of("clipboard-read", "clipboard-write"));
		choice.accept(options);
		BrowserContext context = this.browser.newContext(options);
		context.setDefaultTimeout(TIMEOUT_MILLIS);
		context.addInitScript(NOTE_VIOLATIONS);
		Page page = context.newPage();
		page.onConsoleMessage((message) -> {
			if (message.text().contains("violates ") || message.text().contains("Content Security Policy")) {
				this.complaints.add(message.text());
			}
		});
		page.onPageError(this.complaints::add);
		page.onDialog(Dialog::accept);
		page.navigate(url);
		return page;
	}

	/** Requires that no page has done what it must not, so far. */
	public void requireNoComplaints() {
		assertThat(this.complaints).isEmpty();
	}

	/** What pages did that they must not. */
	public List<String> complaints() {
		return this.complaints;
	}

	/** Drops files or folders on the middle of a page, as a person does. */
	public static void drop(Page page, Path... paths) {
		JsonArray files = new JsonArray();
		List.of(paths).forEach((path) -> files.add(path.toAbsolutePath().toString()));
		JsonObject data = new JsonObject();
		data.add("items", new JsonArray());
		data.add("files", files);
		data.addProperty("dragOperationsMask", 1);
		CDPSession session = page.context().newCDPSession(page);
		for (String type : List.of("dragEnter", "dragOver", "drop")) {
			JsonObject event = new JsonObject();
			event.addProperty("type", type);
			event.addProperty("x", 400);
			event.addProperty("y", 400);
			event.add("data", data);
			session.send("Input.dispatchDragEvent", event);
		}
	}

	/** Limits what a page sends, in bytes a second. */
	public static void slowDown(Page page, int bytesPerSecond) {
		JsonObject conditions = new JsonObject();
		conditions.addProperty("offline", false);
		conditions.addProperty("latency", 0);
		conditions.addProperty("downloadThroughput", -1);
		conditions.addProperty("uploadThroughput", bytesPerSecond);
		CDPSession session = page.context().newCDPSession(page);
		session.send("Network.enable");
		session.send("Network.emulateNetworkConditions", conditions);
	}

	/** Writes a picture of a page to {@code target/console}. */
	public static void photograph(Page page, String name) {
		try {
			Files.createDirectories(Path.of("target/console"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/console", name + ".png")));
	}

	@Override
	public void close() {
		this.playwright.close();
	}

}
