package dev.stowage.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** A page of the documents, and the blocks of code in it. */
public record Page(Path path) {

	private static final Pattern BLOCK = Pattern.compile("(?ms)^```([^\\n]*)\\n(.*?)^```$");

	/** All of them. */
	public static List<Page> all() throws IOException {
		try (Stream<Path> pages = Files.list(Path.of("src/docs"))) {
			return Stream
				.concat(Stream.of(Path.of("README.md")),
						pages.filter((page) -> page.toString().endsWith(".md")).sorted())
				.map(Page::new)
				.toList();
		}
	}

	/** Those that show what is typed in a terminal. */
	public static List<Page> withConsole() throws IOException {
		List<Page> pages = new ArrayList<>();
		for (Page page : all()) {
			if (!page.lines().isEmpty()) {
				pages.add(page);
			}
		}
		return pages;
	}

	public List<Block> blocks() throws IOException {
		return BLOCK.matcher(Files.readString(this.path))
			.results()
			.map((block) -> new Block(block.group(1), block.group(2)))
			.toList();
	}

	/** The commands of all its {@code console} blocks, each of which begins with a $. */
	public List<Line> lines() throws IOException {
		List<Line> lines = new ArrayList<>();
		for (Block block : blocks()) {
			if (block.kind().equals("console")) {
				assertThat(block.text()).as(toString()).startsWith("$ ");
				for (String command : block.text().substring(2).split("(?m)^\\$ ", -1)) {
					int end = command.indexOf('\n');
					lines.add(new Line(command.substring(0, end), command.substring(end + 1).strip()));
				}
			}
		}
		return lines;
	}

	/**
	 * Runs these commands in one shell, because later ones use what earlier ones set.
	 * @param folder where they run
	 * @param server what is at {@code http://localhost:8080}; Alice's is the key
	 * @return what each of them printed
	 */
	public List<String> run(Path folder, StowageServer server) throws IOException, InterruptedException {
		UnaryOperator<String> here = (command) -> command.replace("http://localhost:8080", server.url("").toString())
			.replace("java -jar stowage.jar", "'" + String.join("' '", CommandLineRun.java()) + "'");
		StringBuilder script = new StringBuilder("set -e\n");
		lines().forEach((line) -> script.append(here.apply(line.command())).append("\nprintf '\\036'\n"));
		ProcessBuilder shell = new ProcessBuilder("sh", "-c", script.toString()).directory(folder.toFile())
			.redirectErrorStream(true);
		shell.environment().put("API_KEY", StowageServer.ALICE);
		shell.environment().put("ADMIN_KEY", StowageServer.ADMIN);
		Process process = shell.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(output).isZero();
		return Stream.of(output.split("\u001e", -1)).map(String::strip).toList();
	}

	@Override
	public String toString() {
		return this.path.getFileName().toString();
	}

	/**
	 * A block of code.
	 *
	 * @param kind what its first line calls it
	 */
	public record Block(String kind, String text) {
	}

	/** A command, and what the page says it prints. */
	public record Line(String command, String output) {
	}

}
