package dev.stowage.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.FileChooser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import dev.stowage.support.Answer;
import dev.stowage.support.Backing;
import dev.stowage.support.Caller;
import dev.stowage.support.Chromium;
import dev.stowage.support.Form;
import dev.stowage.support.OnEachBacking;
import dev.stowage.support.Projects;
import dev.stowage.support.StowageServer;
import dev.stowage.support.TcpProxy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** The console as a person uses it, in a real browser. */
@EnabledIf("dev.stowage.support.Browser#isHere")
class ConsoleTests extends OnEachBacking {

	private static final int RATE = 8 << 20;

	@TempDir
	static Path folder;

	private static StowageServer server;

	private static Chromium chromium;

	private Caller app;

	private String key;

	private String project;

	private Page page;

	@BeforeParameterizedClassInvocation
	static void start(Backing backing) {
		server = StowageServer.start(backing, folder, "stowage.admin-key=" + StowageServer.ADMIN);
		chromium = Chromium.start();
	}

	@AfterParameterizedClassInvocation
	static void stop() {
		chromium.close();
		server.close();
	}

	/** An owner without files. */
	@BeforeEach
	void create() {
		Projects projects = new Projects(server);
		this.project = projects.create("acme");
		this.key = projects.key(this.project, "");
		this.app = server.with(this.key);
		this.page = chromium.open(server.url("/").toString());
	}

	@AfterEach
	void close() {
		this.page.context().close();
		chromium.requireNoComplaints();
	}

	private void enter() {
		this.page.getByLabel("API key or admin key").fill(this.key);
		this.page.keyboard().press("Enter");
		assertThat(this.page.locator("#files-view")).isVisible();
	}

	private String upload(String name, String content) {
		Answer answer = this.app.upload(new Form().field("purpose", "user_data").file(name, content));
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
		return answer.text("id");
	}

	private Path file(String name, String content) throws IOException {
		return Files.writeString(Files.createDirectories(folder.resolve("chosen")).resolve(name), content);
	}

	private Locator row(String name) {
		return this.page.locator("#list li").filter(new Locator.FilterOptions().setHasText(name));
	}

	private Locator button(String name) {
		return this.page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
	}

	private String copied() {
		return (String) this.page.evaluate("navigator.clipboard.readText()");
	}

	@Test
	void asksForAKeyAndSaysWordForWordWhyOneIsRefused() {
		assertThat(this.page).hasURL(server.url("/console/").toString());
		this.page.getByLabel("API key or admin key").fill("sk-wrong-0123456789abcdef");
		button("Open").click();
		assertThat(this.page.getByRole(AriaRole.ALERT))
			.hasText(Pattern.compile("Incorrect API key provided: sk-w…def\\. \\(request req_[0-9a-f]{32}\\)"));
		assertThat(this.page.locator("#files-view")).isHidden();
		enter();
		this.page.reload();
		assertThat(this.page.locator("#files-view")).isVisible();
		assertThat(this.page.context().cookies()).isEmpty();
		assertThat(this.page.url()).doesNotContain(this.key);
		button("Forget key").click();
		assertThat(this.page.getByLabel("API key or admin key")).isVisible();
		assertThat((Integer) this.page.evaluate("sessionStorage.length + localStorage.length")).isZero();
	}

	@Test
	void uploadsWhatIsChosenAndShowsIt() throws Exception {
		List<String> sent = new CopyOnWriteArrayList<>();
		this.page.onRequest((request) -> sent.add(request.method()));
		enter();
		assertThat(this.page.locator("#empty")).containsText("curl " + server.url("/v1/files"));
		this.page.getByLabel("Purpose").first().selectOption("evals");
		this.page.getByLabel("Expires").selectOption("after 1 day");
		this.page.getByLabel("Files to upload")
			.setInputFiles(new Path[] { file("one.txt", "1"), file("two.txt", "22") });
		assertThat(row("one.txt")).containsText("evals");
		assertThat(row("two.txt")).containsText("in 1 day");
		assertThat(row("two.txt").getByTitle("2 bytes")).isVisible();
		assertThat(this.page.locator("#total-text")).hasText("2 of 2 files · 3 bytes of 3 bytes");
		assertThat(sent).filteredOn("POST"::equals).hasSize(2);
		Answer list = this.app.get("/v1/files?order=asc");
		assertThat(list.ids()).hasSize(2);
		assertThat(this.app.get("/v1/files/" + list.ids().getFirst() + "/content").body()).hasSizeBetween(1, 2);
	}

	@Test
	void isUsedWithTheKeyboardAlone() throws Exception {
		String id = upload("keys.txt", "text");
		enter();
		assertThat(row("keys.txt")).isVisible();
		tabTo("Upload files");
		List<FileChooser> choosers = new CopyOnWriteArrayList<>();
		this.page.onFileChooser(choosers::add);
		// a round trip, after which the browser itself asks for no file
		assertThat(focused()).isEqualTo("Upload files");
		this.page.keyboard().press("Enter");
		this.page.waitForCondition(() -> !choosers.isEmpty());
		choosers.getFirst().setFiles(file("by-keyboard.txt", "typed"));
		assertThat(row("by-keyboard.txt")).isVisible();
		tabTo("by-keyboard.txt");
		this.page.keyboard().press("ArrowDown");
		assertThat(focused()).isEqualTo("keys.txt");
		this.page.keyboard().press("Enter");
		assertThat(this.page.locator("#preview")).containsText("text");
		this.page.keyboard().press("Escape");
		assertThat(this.page.locator("#preview")).isHidden();
		assertThat(focused()).isEqualTo("keys.txt");
		tabTo("Copy id: keys.txt");
		this.page.keyboard().press("Enter");
		assertThat(this.page.locator("#live")).hasText("Id copied");
		assertThat(copied()).isEqualTo(id);
		this.page.keyboard().press("Delete");
		assertThat(focused()).isEqualTo("Undo");
		this.page.keyboard().press("Enter");
		assertThat(focused()).isEqualTo("keys.txt");
		assertThat(row("keys.txt")).isVisible();
	}

	private void tabTo(String name) {
		for (int i = 0; i < 60 && !focused().equals(name); i++) {
			this.page.keyboard().press("Tab");
		}
		assertThat(focused()).isEqualTo(name);
	}

	private String focused() {
		return (String) this.page
			.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent.trim()");
	}

	@Test
	void copiesALinkThatWorksInAnotherBrowserUntilItsEnd() {
		upload("shared.txt", "for everyone");
		enter();
		this.page.getByLabel("Links work for").selectOption("10 minutes");
		row("shared.txt").getByTitle("Copy a link").click();
		assertThat(this.page.locator("#live"))
			.hasText("Link copied. It works for 10 minutes, for everyone who has it.");
		String link = copied();
		Page other = chromium.open("about:blank");
		Download download = other.waitForDownload(() -> other.evaluate("(url) => { location = url }", link));
		assertThat(download.suggestedFilename()).isEqualTo("shared.txt");
		assertThat(download.path()).hasContent("for everyone");
		String ended = this.app.get("/v1/files/" + this.app.get("/v1/files").ids().getFirst() + "/content?expires_in=1")
			.text("download_url");
		other.waitForTimeout(2_100);
		Response refused = Objects.requireNonNull(other.navigate(ended));
		assertThat(refused.status()).isEqualTo(403);
		assertThat(refused.text()).doesNotContain("for everyone");
		other.context().close();
	}

	@Test
	void downloadsThroughTheServer() throws IOException {
		upload("naïve \u202etxt.exe", "bytes");
		enter();
		Download download = this.page.waitForDownload(() -> this.page.locator("#list").getByTitle("Download").click());
		assertThat(Files.readString(download.path())).isEqualTo("bytes");
	}

	@Test
	void previewsTextJsonAndLinesOfJson() {
		upload("plain.txt", "<b>not bold</b>\n" + "x".repeat(100_000));
		upload("one.json", "{\"a\":{\"b\":[1,2]}}");
		upload("many.jsonl", "{\"line\":1}\n{\"line\":2}\nbroken\n");
		upload("other.bin", "\u0000\u0001");
		enter();
		preview("plain.txt", "<b>not bold</b>");
		assertThat(this.page.locator("#preview-note")).hasText("user_data · 100,016 bytes · the first 64 KiB");
		assertThat(this.page.locator("#preview b")).hasCount(0);
		preview("one.json", "{\n  \"a\": {\n    \"b\": [\n      1,\n      2\n    ]\n  }\n}");
		preview("many.jsonl", "\"line\": 2");
		assertThat(this.page.locator("#preview li")).hasCount(3);
		assertThat(this.page.locator("#preview li .error")).hasText("broken");
		preview("other.bin", "This is neither text nor a picture");
	}

	private void preview(String name, String content) {
		if (this.page.locator("#preview").isVisible()) {
			this.page.keyboard().press("Escape");
		}
		button(name).click();
		assertThat(this.page.locator("#preview-name")).hasText(name);
		assertThat(this.page.locator("#preview-note")).not().hasText("Loading…");
		assertThat((String) this.page.locator("#preview-body").evaluate("(body) => body.textContent"))
			.contains(content);
	}

	@Test
	void previewsPictures() {
		enter();
		byte[] picture = this.page.locator("h1").screenshot();
		Answer answer = this.app.upload(new Form().field("purpose", "vision").file("head.png", picture));
		assertThat(answer.status()).isEqualTo(200);
		button("Refresh").click();
		button("head.png").click();
		Locator shown = this.page.locator("#preview img");
		assertThat(shown).isVisible();
		this.page.waitForFunction("document.querySelector('#preview img').naturalWidth > 20");
	}

	@Test
	void deletesAfterFiveSecondsUnlessSomeoneUndoesIt() {
		String first = upload("first.txt", "1");
		String second = upload("second.txt", "2");
		String third = upload("third.txt", "3");
		enter();
		row("first.txt").getByTitle("Delete").click();
		assertThat(row("first.txt")).isHidden();
		button("Undo").click();
		assertThat(row("first.txt")).isVisible();
		row("second.txt").getByRole(AriaRole.CHECKBOX).check();
		row("third.txt").getByRole(AriaRole.CHECKBOX).check();
		assertThat(this.page.locator("#selection-text")).hasText("2 files, 2 bytes");
		button("Delete").click();
		assertThat(this.page.locator("#list li:visible")).hasCount(1);
		assertThat(this.app.get("/v1/files").ids()).containsExactlyInAnyOrder(first, second, third);
		this.page.waitForCondition(() -> this.app.get("/v1/files").ids().equals(List.of(first)));
		assertThat(this.page.locator("#list-state")).hasText("1 file");
	}

	@Test
	void deletesWhatItSaidWhenThePageIsClosed() {
		String kept = upload("kept.txt", "1");
		upload("gone.txt", "2");
		enter();
		row("gone.txt").getByTitle("Delete").click();
		this.page.navigate("about:blank");
		this.page.waitForCondition(() -> this.app.get("/v1/files").ids().equals(List.of(kept)));
	}

	@Test
	void filtersAndOrders() {
		upload("data.txt", "1");
		this.app.upload(new Form().field("purpose", "evals").file("evals.txt", "2"));
		upload("last.txt", "3");
		enter();
		assertThat(this.page.locator("#list li .name")).hasText(new String[] { "last.txt", "evals.txt", "data.txt" });
		this.page.getByLabel("Order").selectOption("oldest first");
		assertThat(this.page.locator("#list li .name")).hasText(new String[] { "data.txt", "evals.txt", "last.txt" });
		this.page.locator("#filter").selectOption("evals");
		assertThat(this.page.locator("#list li .name")).hasText(new String[] { "evals.txt" });
		this.page.locator("#filter").selectOption("vision");
		assertThat(this.page.locator("#list-state")).hasText("No files of this purpose.");
	}

	@Test
	void saysWordForWordWhyAQuotaRefuses() throws Exception {
		server.with(StowageServer.ADMIN)
			.post("/v1/organization/projects/" + this.project + "/quota", "{\"max_files\": 5, \"max_bytes\": 3}");
		enter();
		this.page.getByLabel("Files to upload").setInputFiles(file("large.txt", "more than three"));
		assertThat(this.page.locator(".upload .state"))
			.hasText(Pattern.compile("Your quota is 5 files and 3 bytes\\. You have 0 files with 0 bytes,.*There is no"
					+ " room for one of .* bytes\\..* \\(request req_[0-9a-f]{32}\\)"));
		server.with(StowageServer.ADMIN)
			.post("/v1/organization/projects/" + this.project + "/quota", "{\"max_bytes\": 3000}");
		this.page.getByText("Retry").click();
		assertThat(row("large.txt")).isVisible();
		this.page.locator("nav").getByText("Overview").click();
		assertThat(this.page.locator("#usage")).containsText("15 bytes of 2.9 KiB");
		assertThat(this.page.locator("#usage")).containsText("1 of 5");
		assertThat(this.page.locator("#usage svg rect:not(.track)")).hasCount(1);
		assertThat(this.app.get("/v1/usage").body()).contains("\"max_bytes\":3000");
	}

	@Test
	void administersProjectsKeysAndQuotas() {
		this.page.getByLabel("API key or admin key").fill(StowageServer.ADMIN);
		this.page.keyboard().press("Enter");
		assertThat(this.page.locator("#admin")).isVisible();
		String name = "new-" + this.project;
		this.page.getByLabel("Name of a new project").fill(name);
		this.page.keyboard().press("Enter");
		assertThat(this.page.locator("#project h3")).hasText(name);
		this.page.getByLabel("Name of a new key").fill("reader");
		this.page.getByLabel("What the key may do").selectOption("read");
		button("Make key").click();
		Caller made = server.with(shownKey());
		assertThat(made.get("/v1/files").status()).isEqualTo(200);
		assertThat(made.upload(new Form().field("purpose", "evals").file("a", "b")).status()).isEqualTo(403);
		button("Rotate reader").click();
		this.page.getByLabel("Revoke the old key now").check();
		this.page.locator("#question-yes").click();
		assertThat(server.with(shownKey()).get("/v1/usage").status()).isEqualTo(200);
		assertThat(this.page.locator("#live")).hasText("The key is rotated");
		assertThat(this.page.locator("#project li")).hasCount(1);
		this.page.locator("[name=max_files]").fill("7");
		button("Save").first().click();
		assertThat(this.page.locator("#live")).hasText("Saved");
		this.page.getByLabel("Name of the project").fill(name + "-renamed");
		button("Rename").click();
		assertThat(this.page.locator("#project h3")).hasText(name + "-renamed");
		assertThat(this.page.locator("[name=max_files]")).hasValue("7");
		button("Revoke reader").click();
		this.page.locator("#question-yes").click();
		assertThat(this.page.locator("#project")).containsText("No keys that can be revoked here.");
		button("Archive").click();
		this.page.locator("#question-yes").click();
		assertThat(this.page.locator("#project")).containsText("archived: its keys have stopped, its files stay");
		assertThat(this.page.locator("#projects")).not().containsText(name);
	}

	/** What the dialog shows once, of which nothing is left when it is closed. */
	private String shownKey() {
		assertThat(this.page.locator("#shown-value")).hasValue(Pattern.compile("sk-.{61}"));
		String value = this.page.locator("#shown-value").inputValue();
		button("Done").click();
		assertThat(this.page.locator("#shown-value")).hasValue("");
		return value;
	}

	@Test
	void takesFilesAndFoldersThatAreDroppedAnywhere() throws Exception {
		Path dropped = Files.createDirectories(folder.resolve("dropped-" + this.project));
		Files.writeString(Files.createDirectories(dropped.resolve("a/b")).resolve("deep.txt"), "1");
		Files.writeString(dropped.resolve("a/flat.txt"), "2");
		Path single = Files.writeString(dropped.resolve("single.txt"), "3");
		enter();
		Chromium.drop(this.page, dropped.resolve("a"), single);
		for (String name : List.of("deep.txt", "flat.txt", "single.txt")) {
			assertThat(row(name)).isVisible();
		}
		assertThat(this.page.locator("#drop")).isHidden();
		assertThat(this.page).hasURL(server.url("/console/").toString());
	}

	@Test
	void takesAPictureThatIsPasted() {
		enter();
		this.page.evaluate("""
				async () => {
					const canvas = new OffscreenCanvas(40, 30);
					canvas.getContext('2d').fillRect(0, 0, 20, 20);
					const picture = await canvas.convertToBlob();
					await navigator.clipboard.write([new ClipboardItem({ [picture.type]: picture })]);
				}""");
		this.page.keyboard().press("Control+v");
		assertThat(row("image.png")).isVisible();
		button("image.png").click();
		assertThat(this.page.locator("#preview img")).hasJSProperty("naturalWidth", 40);
	}

	@Test
	void uploadsThreeAtATime() throws Exception {
		enter();
		Chromium.slowDown(this.page, 2_000_000);
		String content = "x".repeat(1_000_000);
		this.page.getByLabel("Files to upload")
			.setInputFiles(new Path[] { file("1.txt", content), file("2.txt", content), file("3.txt", content),
					file("4.txt", content), file("5.txt", content) });
		assertThat(upload("sending")).hasCount(3);
		assertThat(upload("waiting")).hasCount(2);
		upload("waiting").first().locator("[data-act=cancel]").click();
		assertThat(upload("done")).hasCount(4);
		assertThat(this.page.locator("#list li")).hasCount(4);
		button("Clear finished").click();
		assertThat(this.page.locator(".upload")).hasCount(0);
	}

	private Locator upload(String state) {
		return this.page.locator(".upload[data-state=" + state + "]");
	}

	@Test
	void continuesALargeUploadAfterAPause() throws Exception {
		Path large = large("large.bin");
		List<String> offsets = offsets();
		enter();
		begin(large);
		this.page.getByText("Pause").click();
		assertThat(upload("paused")).containsText("Paused · ");
		this.page.getByText("Resume").click();
		requireDone(large);
		assertThat(offsets).hasSize(2).startsWith("0");
		assertThat(Long.parseLong(offsets.getLast())).isPositive();
	}

	@Test
	void continuesALargeUploadByItselfAfterALostConnection() throws Exception {
		Path large = large("cut.bin");
		this.page.context().close();
		try (TcpProxy network = new TcpProxy(server.port())) {
			network.cutAfter(10 << 20);
			this.page = chromium.open("http://127.0.0.1:" + network.port() + "/");
			List<String> offsets = offsets();
			enter();
			this.page.getByLabel("Files to upload").setInputFiles(large);
			assertThat(upload("sending").locator(".state"))
				.containsText("The server cannot be reached. Trying again in");
			requireDone(large);
			assertThat(network.cuts()).isPositive();
			assertThat(offsets).hasSizeGreaterThan(1).startsWith("0");
			assertThat(Long.parseLong(offsets.getLast())).isPositive();
			this.page.context().close();
		}
	}

	/** The page's clock is moved, so nobody waits. */
	@Test
	void continuesALargeUploadOverANetworkThatWentSilent() throws Exception {
		Path large = large("silent.bin");
		this.page.context().close();
		try (TcpProxy network = new TcpProxy(server.port())) {
			this.page = chromium.open("about:blank");
			this.page.clock().install();
			this.page.navigate("http://127.0.0.1:" + network.port() + "/");
			List<String> offsets = offsets();
			enter();
			// what remains does not fit into the buffers on the way
			network.stallAfter(2 << 20);
			this.page.getByLabel("Files to upload").setInputFiles(large);
			this.page.waitForCondition(() -> progress() > 0);
			awaitStillness();
			this.page.clock().runFor(50_000);
			assertThat(offsets).hasSize(1);
			this.page.clock().runFor(20_000);
			assertThat(upload("sending").locator(".state")).containsText("The server cannot be reached.");
			network.goOn();
			this.page.clock().runFor(20_000);
			requireDone(large);
			assertThat(offsets).hasSizeGreaterThan(1).startsWith("0");
			this.page.context().close();
		}
	}

	@Test
	void continuesALargeUploadAfterAReloadIfTheFileIsTheSame() throws Exception {
		Path large = large("reloaded.json");
		List<String> offsets = offsets();
		enter();
		begin(large);
		this.page.reload();
		assertThat(upload("missing")).containsText("Choose this file again to continue");
		assertThat((String) this.page.evaluate("JSON.stringify(localStorage)")).contains("upload_")
			.doesNotContain(this.key);
		Path other = Files.createDirectories(folder.resolve("other")).resolve("reloaded.json");
		Files.write(other, new byte[(int) Files.size(large)]);
		choose(other);
		assertThat(upload("missing")).containsText("This is not the same file. Choose reloaded.json with 17,825,792");
		assertThat(offsets).hasSize(1);
		choose(large);
		requireDone(large);
		assertThat(offsets).hasSize(2);
		assertThat(Long.parseLong(offsets.getLast())).isPositive();
		assertThat((String) this.page.evaluate("localStorage.getItem('stowage.uploads')")).isEqualTo("{}");
	}

	@Test
	void endsACancelledUploadOnTheServer() throws Exception {
		enter();
		begin(large("cancelled.bin"));
		this.page.waitForResponse((response) -> response.request().method().equals("DELETE") && response.ok(),
				() -> this.page.locator("[data-act=cancel]").click());
		assertThat(this.page.locator(".upload")).hasCount(0);
		assertThat(this.app.get("/v1/usage").json().path("files").asInt()).isZero();
	}

	private void choose(Path file) {
		this.page.waitForFileChooser(() -> this.page.getByText("Choose file").click()).setFiles(file);
	}

	private static Path large(String name) throws IOException {
		byte[] content = new byte[17 << 20];
		new Random(name.hashCode()).nextBytes(content);
		return Files.write(Files.createDirectories(folder.resolve("large")).resolve(name), content);
	}

	/** Where each request begins that sends bytes of a large file. */
	private List<String> offsets() {
		List<String> offsets = new CopyOnWriteArrayList<>();
		this.page.onRequest((request) -> {
			if (request.method().equals("PATCH")) {
				offsets.add(request.headers().get("upload-offset"));
			}
		});
		return offsets;
	}

	/** Uploads slowly, and returns when some has arrived. */
	private void begin(Path file) {
		Chromium.slowDown(this.page, RATE);
		this.page.getByLabel("Files to upload").setInputFiles(file);
		this.page.waitForCondition(() -> progress() > 0.2);
	}

	/** Waits until what was on the way has arrived. */
	private void awaitStillness() {
		double before;
		do {
			before = progress();
			this.page.waitForTimeout(1_000);
		}
		while (progress() > before);
	}

	private double progress() {
		return ((Number) this.page.evaluate("document.querySelector('.upload progress')?.value || 0")).doubleValue();
	}

	private void requireDone(Path file) throws IOException {
		assertThat(row(file.getFileName().toString())).isVisible();
		String id = this.app.get("/v1/files").ids().getFirst();
		assertThat(Arrays.equals(
				this.app.get("/v1/files/" + id + "/content", "Accept", "application/octet-stream").bytes(),
				Files.readAllBytes(file)))
			.isTrue();
	}

}
