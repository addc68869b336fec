package dev.stowage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.stowage.support.Command;
import dev.stowage.support.Page;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Every block of code in the documents: {@code console} is run in a real shell and
 * compared with what it prints, {@code sh} cannot be, for a reason that is given here,
 * {@code json} and {@code yaml} can be read, and {@code text} is a drawing. {@code js}
 * and {@code python} need an SDK; {@code OpenAiNodeClientTests} calls what they show.
 * {@code NginxTests} run {@code nginx}.
 */
class DocumentTests {

	private static final String DOCKER = "needs Docker: src/test/docker/run runs it, DeploymentTests check the file";

	private static final String BUILD = "runs this build within itself";

	/** The first line of each block that no test runs, and why. */
	private static final Map<String, String> NOT_RUN = Map.ofEntries(
			Map.entry("README.md: ./mvnw spring-boot:run", "ends when it is stopped"),
			Map.entry("README.md: ./mvnw verify", BUILD),
			Map.entry("operations.md: docker compose up --build --wait", DOCKER),
			Map.entry("operations.md: docker compose exec -T database pg_dump -U stowage -Fc stowage > stowage.dump",
					DOCKER),
			Map.entry("operations.md: docker compose stop stowage s3", DOCKER),
			Map.entry("operations.md: docker compose exec stowage java -Xmx96m -jar stowage.jar check", DOCKER),
			Map.entry(
					"operations.md: helm install stowage src/main/helm/stowage"
							+ " --set image.repository=registry.example/stowage",
					"needs a cluster; ChartTests render what it shows"),
			Map.entry("contributing.md: src/test/docker/up target/docker", "starts a Docker engine"),
			Map.entry("faults.md: ./mvnw -Pfaults verify", BUILD),
			Map.entry("performance.md: ./mvnw -Pbench verify", BUILD));

	/**
	 * Such as {@code -Pbench}, {@code -Dtest=UploadBench} and {@code src/test/ceph/up}.
	 */
	private static final Pattern NAMED = Pattern.compile("-P(\\w+)|-Dtest=(\\w+)|(src/[\\w/]+)");

	@TempDir
	Path folder;

	@ParameterizedTest(name = "{0}")
	@MethodSource("dev.stowage.support.Page#withConsole")
	void showWhatTheirLinesPrint(Page page) throws Exception {
		for (String tool : List.of("curl", "openssl", "sqlite3")) {
			boolean isUsed = page.lines().stream().anyMatch((line) -> line.command().contains(tool + " "));
			boolean isHere = !isUsed || System.getenv("CI") != null || Command.exists(tool);
			assumeTrue(isHere, "SKIPPED: no %s to run the lines of %s with".formatted(tool, page));
		}
		List<Page.Line> lines = page.lines();
		try (StowageServer server = StowageServer.start(this.folder.resolve("data"),
				"stowage.admin-key=" + StowageServer.ADMIN)) {
			List<String> printed = page.run(this.folder, server);
			for (int i = 0; i < lines.size(); i++) {
				assertThat(printed.get(i)).as(lines.get(i).command()).matches(pattern(lines.get(i).output()));
			}
		}
	}

	/**
	 * Ids, times and signatures differ from run to run; an ellipsis stands for anything.
	 */
	private static String pattern(String shown) {
		String pattern = Pattern.quote(shown);
		pattern = pattern.replaceAll("(file-|upload_|part_)[0-9A-Za-z]{24,}", "\\\\E($1[0-9A-Za-z]+)\\\\Q");
		pattern = pattern.replaceAll("\\b1[0-9]{9}\\b", "\\\\E[0-9]{10}\\\\Q");
		pattern = pattern.replace("127.0.0.1:9000", "\\E127\\.0\\.0\\.1:[0-9]+\\Q");
		return pattern.replace("…", "\\E[^\"]*\\Q");
	}

	@Test
	void showBothFlowsInTheReadme() throws IOException {
		assertThat(new Page(Path.of("README.md")).lines()).hasSizeGreaterThan(10);
	}

	@Test
	void sayOfEachBlockWhatItIs() throws IOException {
		for (Page page : Page.all()) {
			assertThat(page.blocks()).as("%s", page)
				.extracting(Page.Block::kind)
				.isSubsetOf("console", "sh", "json", "yaml", "nginx", "text", "js", "python");
			long fences = Files.readString(page.path()).lines().filter((line) -> line.contains("```")).count();
			assertThat(fences).as("fences of %s", page).isEqualTo(2L * page.blocks().size());
		}
	}

	@Test
	void runTheirCommandsUnlessThereIsAReason() throws IOException {
		assertThat(blocks("sh").keySet().stream().map(DocumentTests::firstLine))
			.containsExactlyInAnyOrderElementsOf(NOT_RUN.keySet());
	}

	private static String firstLine(String block) {
		return block.lines().findFirst().orElseThrow().replaceFirst(" +#.*", "");
	}

	@Test
	void nameOnlyWhatThereIsInCommandsThatAreNotRun() throws IOException {
		String pom = Files.readString(Path.of("pom.xml"));
		for (String block : blocks("sh").values()) {
			Command.run(this.folder, Map.of(), "sh", "-nc", block);
			NAMED.matcher(block).results().forEach((name) -> {
				if (name.group(1) != null) {
					assertThat(pom).contains("<id>" + name.group(1) + "</id>");
				}
				else if (name.group(2) != null) {
					assertThat(sources()).contains(name.group(2) + ".java");
				}
				else {
					assertThat(Path.of(name.group(3))).exists();
				}
			});
		}
	}

	private static List<String> sources() {
		try (Stream<Path> sources = Files.walk(Path.of("src"))) {
			return sources.map((path) -> path.getFileName().toString()).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void showJsonAndYamlThatCanBeRead() throws IOException {
		assertThat(blocks("json").values()).isNotEmpty()
			.allSatisfy((block) -> assertThat(JsonMapper.shared().readTree(block).isObject()).isTrue());
		assertThat(blocks("yaml").values()).isNotEmpty()
			.allSatisfy((block) -> assertThat(new Yaml().<Object>load(block)).isInstanceOf(Map.class));
	}

	/** The texts of the blocks of a kind, by their page and text. */
	private static Map<String, String> blocks(String kind) throws IOException {
		Map<String, String> blocks = new LinkedHashMap<>();
		for (Page page : Page.all()) {
			page.blocks()
				.stream()
				.filter((block) -> block.kind().equals(kind))
				.forEach((block) -> blocks.put(page + ": " + block.text(), block.text()));
		}
		return blocks;
	}

}
