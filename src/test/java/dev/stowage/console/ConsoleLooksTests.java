package dev.stowage.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.stowage.support.Caller;
import dev.stowage.support.Chromium;
import dev.stowage.support.Form;
import dev.stowage.support.ManyRows;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.core.io.ClassPathResource;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How the console looks, to people and to axe, in all its states, with a store on another
 * origin. Writes pictures of them to {@code target/console}.
 */
@EnabledIf("dev.stowage.support.Browser#isHere")
class ConsoleLooksTests {

	private static final String PROJECTS = "/v1/organization/projects/";

	/** Right-to-left, with a mark that would turn the rest of the line around. */
	private static final String HEBREW = "\u05d3\u05d5\u05d7 \u05e8\u05d1\u05e2\u05d5\u05e0\u05d9 \u202e2026.jsonl";

	private static final String LINES = """
			{"custom_id": "request-1", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "m"}}
			{"custom_id": "request-2", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "m"}}
			""";

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static Chromium chromium;

	private static String key;

	private static String project;

	@BeforeAll
	static void start() {
		server = StowageServer.start(folder, "stowage.admin-key=" + StowageServer.ADMIN,
				"stowage.content-redirect=true", "stowage.cors-origins=*");
		chromium = Chromium.start();
		Caller admin = server.with(StowageServer.ADMIN);
		project = admin.post("/v1/organization/projects", "{\"name\": \"Research\"}").text("id");
		admin.post("/v1/organization/projects", "{\"name\": \"Website\"}");
		admin.post(PROJECTS + project + "/quota", "{\"max_bytes\": 4194304, \"max_files\": 100}");
		key = admin.post(PROJECTS + project + "/service_accounts", "{\"name\": \"nightly batches\"}")
			.json()
			.at("/api_key/value")
			.asString();
		Caller app = server.with(key);
		upload(app, "evals", "scores.csv", "a,b\n".repeat(1_000));
		upload(app, "user_data", "a-very-long-name-".repeat(12) + ".txt", "long");
		upload(app, "batch", HEBREW, LINES);
		upload(app, "user_data", "report.txt", "x".repeat(1_500_000));
		upload(app, "batch", "requests.jsonl", LINES.repeat(40));
	}

	private static void upload(Caller app, String purpose, String name, String content) {
		assertThat(app.upload(new Form().field("purpose", purpose).file(name, content)).status()).isEqualTo(200);
	}

	@AfterAll
	static void stop() {
		chromium.close();
		server.close();
	}

	@AfterEach
	void requireNoComplaints() {
		chromium.requireNoComplaints();
	}

	private static Page open(ColorScheme scheme, int width) {
		return chromium.open(server.url("/console/").toString(),
				(options) -> options.setColorScheme(scheme)
					.setReducedMotion(ReducedMotion.REDUCE)
					.setViewportSize(width, 900));
	}

	private static void enter(Page page, String key) {
		page.getByLabel("API key or admin key").fill(key);
		page.keyboard().press("Enter");
		assertThat(page.locator("#forget")).isVisible();
	}

	private static Locator file(Page page, String name) {
		return page.locator("#list .name").filter(new Locator.FilterOptions().setHasText(name));
	}

	/** Each state of the page, one after another. */
	private static void walk(Page page, String own, Look look) throws IOException {
		look.at("key");
		enter(page, key);
		assertThat(file(page, "requests.jsonl")).isVisible();
		Path empty = Files.write(folder.resolve("empty.txt"), new byte[0]);
		Path fine = Files.writeString(folder.resolve(own), "# Notes");
		page.getByLabel("Files to upload").setInputFiles(new Path[] { fine, empty });
		assertThat(page.locator(".upload[data-state=failed]")).isVisible();
		assertThat(page.locator(".upload[data-state=done]")).isVisible();
		page.getByLabel("Select scores.csv").check();
		look.at("files");
		page.getByText("Select none").click();
		file(page, "requests.jsonl").click();
		assertThat(page.locator("#preview li")).not().hasCount(0);
		look.at("preview");
		page.keyboard().press("Escape");
		page.getByLabel("Delete: " + own).click();
		assertThat(page.getByText(own + " is deleted").last()).isVisible();
		look.at("undo");
		page.getByText("Undo").click();
		page.locator("nav").getByText("Overview").click();
		assertThat(page.locator("#usage svg")).isVisible();
		look.at("overview");
		page.locator("nav").getByText("Administration").click();
		look.at("admin-key");
		page.getByLabel("Admin key", new Page.GetByLabelOptions().setExact(true)).fill(StowageServer.ADMIN);
		page.keyboard().press("Enter");
		page.locator("#projects").getByText("Research").click();
		assertThat(page.locator("#project")).containsText("nightly batches");
		look.at("admin");
		page.getByLabel("Rotate nightly batches").click();
		look.at("question");
		page.locator("#question").getByText("Cancel").click();
		page.getByLabel("Name of a new key").fill("for the test");
		page.getByText("Make key").click();
		assertThat(page.locator("#shown-value")).hasValue(Pattern.compile("sk-.{61}"));
		page.evaluate("document.getElementById('shown-value').value = 'sk-' + '0'.repeat(61)");
		look.at("new-key");
		page.locator("#shown").getByText("Done").click();
		Locator revoke = page.getByLabel("Revoke for the test", new Page.GetByLabelOptions().setExact(true));
		revoke.click();
		page.locator("#question-yes").click();
		assertThat(revoke).hasCount(0);
		page.locator("#forget").click();
		page.getByLabel("API key or admin key").fill(StowageServer.BOB);
		page.keyboard().press("Enter");
		assertThat(page.locator("#empty")).isVisible();
		look.at("empty");
		page.context().close();
	}

	@ParameterizedTest
	@EnumSource(names = { "LIGHT", "DARK" })
	void axeFindsNothing(ColorScheme scheme) throws IOException {
		String axe = new ClassPathResource("axe.min.js").getContentAsString(StandardCharsets.UTF_8);
		Page page = open(scheme, 1280);
		walk(page, "notes-" + scheme.name().toLowerCase(Locale.ROOT) + ".md", (state) -> {
			Chromium.photograph(page, state + "-" + scheme.name().toLowerCase(Locale.ROOT));
			assertThat(findings(page, axe)).as(state).isEmpty();
		});
	}

	/** The rules that a page breaks, and where. */
	private static List<String> findings(Page page, String axe) {
		page.evaluate(axe);
		Object found = page.evaluate("""
				axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.flatMap(
					({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${html} ${any[0]?.message ?? ''}`)))""");
		return ((List<?>) found).stream().map(Objects::toString).toList();
	}

	@Test
	void axeFindsWhatIsWrong() throws IOException {
		String axe = new ClassPathResource("axe.min.js").getContentAsString(StandardCharsets.UTF_8);
		Page page = open(ColorScheme.LIGHT, 1280);
		page.evaluate(
				"document.querySelector('label[for=key]').remove(); document.querySelector('#key').placeholder = ''");
		assertThat(findings(page, axe)).anyMatch((finding) -> finding.startsWith("label: "));
		page.context().close();
	}

	@Test
	void fitsInto320Pixels() throws IOException {
		Page page = open(ColorScheme.LIGHT, 320);
		walk(page, "notes-320.md", (state) -> {
			Chromium.photograph(page, state + "-320");
			assertThat(page.evaluate("document.documentElement.scrollWidth")).as(state).isEqualTo(320);
		});
	}

	@Test
	void fillsAScreenOf4000Pixels() {
		Page page = open(ColorScheme.LIGHT, 3840);
		enter(page, key);
		assertThat(file(page, "requests.jsonl")).isVisible();
		Chromium.photograph(page, "files-4k");
		assertThat(page.evaluate("document.querySelector('#list').clientWidth > 1900")).isEqualTo(true);
		page.context().close();
	}

	@Test
	void showsNamesOfBothDirectionsWithoutTurningTheRowAround() {
		Page page = open(ColorScheme.LIGHT, 1280);
		enter(page, key);
		Locator name = file(page, ".jsonl").filter(new Locator.FilterOptions().setHasText("\u05d3"));
		assertThat(name).hasCSS("direction", "rtl");
		assertThat(name.locator("..").locator(".purpose")).hasCSS("direction", "ltr");
		page.context().close();
	}

	@Test
	void readsContentFromAStoreOnAnotherOrigin() {
		Page page = open(ColorScheme.LIGHT, 1280);
		enter(page, key);
		List<String> asked = new CopyOnWriteArrayList<>();
		page.onRequest((request) -> asked.add(request.url()));
		file(page, "scores.csv").click();
		assertThat(page.locator("#preview-body")).containsText("a,b");
		assertThat(asked).anyMatch((url) -> !url.startsWith(server.url("/").toString()));
		page.context().close();
	}

	@Test
	void aPageThatAsksAnotherServerIsStopped() {
		Page page = open(ColorScheme.LIGHT, 1280);
		page.evaluate("fetch('https://other.example/').catch(() => {})");
		page.waitForCondition(() -> chromium.complaints().size() >= 2);
		assertThat(chromium.complaints()).anyMatch((complaint) -> complaint.contains("connect-src"));
		page.context().close();
		chromium.complaints().clear();
	}

	@Test
	void laysOutOnlyWhatIsSeenOfTenThousandFiles() {
		ManyRows.write(server.database(), 10_000, "many.bin");
		Page page = open(ColorScheme.LIGHT, 1280);
		enter(page, StowageServer.ALICE);
		assertThat(page.locator("#list-state")).containsText("so far");
		page.evaluate("""
				async () => {
					const list = document.getElementById('list');
					const end = performance.now() + 60000;
					while (list.querySelectorAll('li').length < 10000 && performance.now() < end) {
						scrollTo(0, document.body.scrollHeight);
						await new Promise(requestAnimationFrame);
					}
				}""");
		assertThat(page.locator("#list-state")).hasText("10,000 files");
		// a browser lays out a part of the list only while it is close to what is seen
		assertThat(page.evaluate("""
				async () => {
					scrollTo(0, 0);
					await new Promise((resolve) => { setTimeout(resolve, 500); });
					const laidOut = (row) => row.firstElementChild.checkVisibility({ contentVisibilityAuto: true });
					const rows = [...document.querySelectorAll('#list li')];
					return laidOut(rows[0]) && rows.filter(laidOut).length < 1000;
				}""")).isEqualTo(true);
		page.locator("#select-all").check();
		assertThat(page.locator("#selection-text")).hasText("10,000 files, 9.8 KiB");
		page.context().close();
	}

	@Test
	void firstPaintLoadsLessThan100KiB() {
		Page page = open(ColorScheme.LIGHT, 1280);
		Object sizes = page.evaluate("""
				performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
					.reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0)""");
		assertThat(((Number) sizes).intValue()).isBetween(20_000, 100 << 10);
		page.context().close();
	}

	@FunctionalInterface
	private interface Look {

		void at(String state);

	}

}
