package dev.stowage.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** A real browser, headless Chromium, that opens a page once. */
public final class Browser {

	static final Path CHROMIUM = Path.of("/usr/bin/chromium");

	/** So that it starts as root, and asks no other machine for anything. */
	static final List<String> OPTIONS = List.of("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync");

	private Browser() {
	}

	/** Logs if it is missing; on CI it must be installed. */
	public static boolean isHere() {
		boolean here = Files.isExecutable(CHROMIUM) || System.getenv("CI") != null;
		if (!here) {
			LoggerFactory.getLogger(Browser.class).warn("SKIPPED: no {} to open pages with", CHROMIUM);
		}
		return here;
	}

	/** The page after its scripts have run. */
	public static String open(Path folder, String url) throws IOException, InterruptedException {
		return run(folder, "--dump-dom", url);
	}

	/** What the browser and the page's console logged about the last page. */
	public static String log(Path folder) throws IOException {
		return Files.readString(folder.resolve("chromium.log"));
	}

	/** Writes a picture of that. */
	public static void photograph(Path folder, String url, Path picture) throws IOException, InterruptedException {
		Files.deleteIfExists(picture);
		run(folder, "--screenshot=" + picture.toAbsolutePath(), url);
	}

	private static String run(Path folder, String task, String url) throws IOException, InterruptedException {
		Path profile = Files.createTempDirectory(folder, "profile");
		Path errors = folder.resolve("chromium.log");
		List<String> command = new ArrayList<>(List.of(CHROMIUM.toString(), "--headless"));
		command.addAll(OPTIONS);
		command.addAll(List.of("--enable-logging=stderr", "--user-data-dir=" + profile, "--virtual-time-budget=20000",
				"--window-size=1200,1600", task, url));
		Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
		return output;
	}

}
