package dev.stowage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Runs the README's terminal lines in a real shell, and compares what they print. */
class ReadmeTests {

	private static final Pattern BLOCK = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);

	@TempDir
	Path folder;

	@Test
	void showsWhatItsLinesPrint() throws Exception {
		List<Line> lines = lines();
		assertThat(lines).hasSizeGreaterThan(10);
		try (StowageServer server = StowageServer.start(this.folder.resolve("data"))) {
			List<String> printed = run(server, lines);
			for (int i = 0; i < lines.size(); i++) {
				assertThat(printed.get(i)).as(lines.get(i).command()).matches(pattern(lines.get(i).output()));
			}
		}
	}

	private static List<Line> lines() throws IOException {
		List<Line> lines = new ArrayList<>();
		Matcher blocks = BLOCK.matcher(Files.readString(Path.of("README.md")));
		while (blocks.find()) {
			for (String command : blocks.group(1).split("(?m)^\\$ ", -1)) {
				int end = command.indexOf('\n');
				if (end > 0) {
					lines.add(new Line(command.substring(0, end), command.substring(end + 1).strip()));
				}
			}
		}
		return lines;
	}

	/** One shell runs them all, because later lines use what earlier ones set. */
	private List<String> run(StowageServer server, List<Line> lines) throws IOException, InterruptedException {
		StringBuilder script = new StringBuilder();
		for (Line line : lines) {
			script.append(line.command().replace("http://localhost:8080", server.url("").toString()))
				.append("\nprintf '\\036'\n");
		}
		ProcessBuilder shell = new ProcessBuilder("sh", "-c", script.toString()).directory(this.folder.toFile())
			.redirectErrorStream(true);
		shell.environment().put("API_KEY", StowageServer.ALICE);
		Process process = shell.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).isZero();
		List<String> printed = new ArrayList<>();
		for (String part : output.split("\u001e", -1)) {
			printed.add(part.strip());
		}
		return printed;
	}

	/**
	 * Ids, times and signatures differ from run to run; an ellipsis stands for anything.
	 */
	private static String pattern(String shown) {
		String pattern = Pattern.quote(shown);
		pattern = pattern.replaceAll("file-[0-9A-Za-z]+", "\\\\E(file-[0-9A-Za-z]+)\\\\Q");
		pattern = pattern.replaceAll("\\b1[0-9]{9}\\b", "\\\\E[0-9]{10}\\\\Q");
		pattern = pattern.replace("127.0.0.1:9000", "\\E127\\.0\\.0\\.1:[0-9]+\\Q");
		return pattern.replace("…", "\\E[^\"]*\\Q");
	}

	/** A command, and what the README says it prints. */
	private record Line(String command, String output) {
	}

}
