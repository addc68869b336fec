package dev.stowage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import dev.stowage.startup.SettingNames;
import dev.stowage.support.Command;
import dev.stowage.support.JavaProcess;
import dev.stowage.support.StowageServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What can be tested of {@code docker-compose.yml} and the Dockerfile without Docker. */
class DeploymentTests {

	private static final Path COMPOSE = Path.of("docker-compose.yml");

	private static final Path DOCKERFILE = Path.of("src/main/docker/Dockerfile");

	@TempDir
	Path folder;

	/** On CI it must be available. */
	static boolean composeIsHere() {
		boolean here = Command.exists("docker-compose") || System.getenv("CI") != null;
		if (!here) {
			LoggerFactory.getLogger(DeploymentTests.class).warn("SKIPPED: no docker-compose to check {} with", COMPOSE);
		}
		return here;
	}

	@Test
	@EnabledIf("composeIsHere")
	void isUnderstoodByCompose() {
		Command.run(Path.of("."), Map.of(), "docker-compose", "-f", COMPOSE.toString(), "config", "--quiet");
	}

	@Test
	void setsWhatStowageKnows() throws IOException {
		List<String> known = SettingNames.all()
			.stream()
			.map((name) -> name.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT))
			.toList();
		assertThat(found("STOWAGE_[A-Z0-9_]+", COMPOSE, DOCKERFILE)).isNotEmpty().isSubsetOf(known);
	}

	@Test
	void namesAVersionOfEachImage() throws IOException {
		List<String> images = new ArrayList<>(found("(?m)^FROM \\S+", DOCKERFILE));
		compose().path("services").forEach((service) -> images.add(service.path("image").asString()));
		assertThat(images).hasSizeGreaterThan(4)
			.allSatisfy((image) -> assertThat(image).matches(".+:.+").doesNotEndWith(":latest"));
	}

	@Test
	void publishesToThisMachineOnlyUnlessToldOtherwise() throws IOException {
		List<String> ports = new ArrayList<>();
		for (JsonNode service : compose().path("services")) {
			service.path("ports").forEach((port) -> ports.add(port.asString()));
		}
		assertThat(ports).hasSize(2).allSatisfy((port) -> assertThat(port).startsWith("${BIND_ADDRESS:-127.0.0.1}:"));
	}

	@Test
	void makesSecretsOnceAndTakesThoseThatAreSet() throws IOException {
		makeKeys(Map.of());
		Path password = this.folder.resolve("spring.datasource.password");
		String made = Files.readString(password);
		assertThat(made).matches("[0-9a-f]{48}");
		String secret = Files.readString(this.folder.resolve("s3.secret"));
		assertThat(secret).matches("[0-9a-f]{48}").isNotEqualTo(made);
		makeKeys(Map.of("S3_ACCESS_KEY", "id", "S3_SECRET_KEY", "a/secret"));
		assertThat(password).hasContent(made);
		assertThat(this.folder.resolve("s3.credentials")).hasContent("""
				[default]
				aws_access_key_id = id
				aws_secret_access_key = a/secret
				""");
	}

	private void makeKeys(Map<String, String> environment) throws IOException {
		JsonNode keys = compose().path("services").path("keys");
		String script = keys.path("command").path(0).asString().replace("$$", "$");
		assertThat(keys.path("entrypoint").valueStream().map(JsonNode::asString)).containsExactly("bash", "-euc");
		assertThat(script).startsWith("cd /run/keys\n");
		Command.run(this.folder, environment, "bash", "-euc", script.replaceFirst("cd /run/keys\n", ""));
	}

	@Test
	void startsJavaWithoutAShellThatWouldKeepSignalsToItself() throws IOException {
		assertThat(instruction("ENTRYPOINT")).startsWith("java");
	}

	@Test
	void usesTheSameCollectorInTheImageInItsTrainingAndFromSource() throws IOException {
		String collector = "-XX:+UseParallelGC";
		assertThat(found("ENV JAVA_TOOL_OPTIONS=.*", DOCKERFILE)).singleElement().asString().contains(collector);
		assertThat(found("java .*AOTCacheOutput", DOCKERFILE)).singleElement().asString().contains(collector);
		Path pom = Path.of("pom.xml");
		assertThat(found("<collector>.*", pom)).singleElement().asString().contains(collector);
		assertThat(found("<jvmArguments>.*", pom)).singleElement().asString().contains("${collector}");
		assertThat(found("<optimizedLaunch>.*<", pom)).containsExactly("<optimizedLaunch>false<");
	}

	@Test
	void checksHealthWithNothingButBash() throws IOException {
		String[] check = instruction("HEALTHCHECK .* CMD").toArray(String[]::new);
		Map<String, String> port;
		try (StowageServer server = StowageServer.start(this.folder)) {
			port = Map.of("SERVER_PORT", String.valueOf(server.port()));
			Command.run(this.folder, port, check);
			server.loseDatabase();
			assertThat(status(port, check)).isNotZero();
		}
		assertThat(status(port, check)).isNotZero();
	}

	@Test
	void trainsItsCacheWithRequestsThatSucceed() throws Exception {
		Path log = this.folder.resolve("training.log");
		try (StowageServer server = StowageServer.start(this.folder.resolve("data"));
				JavaProcess training = new JavaProcess(log, Map.of(), List.of("src/main/docker/Training.java",
						server.url("/").toString(), StowageServer.ALICE, "1"))) {
			assertThat(training.awaitEnd()).as(training.output()).isZero();
			assertThat(server.alice().get("/v1/files").ids()).as("what it leaves").isEmpty();
		}
	}

	private static int status(Map<String, String> environment, String... command) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
		builder.environment().putAll(environment);
		Process process = builder.start();
		process.getInputStream().readAllBytes();
		return process.onExit().join().exitValue();
	}

	/** The words of an instruction in exec form. */
	private static List<String> instruction(String name) throws IOException {
		String words = found("(?m)^" + name + " \\[.*]$", DOCKERFILE).getFirst();
		return JsonMapper.shared()
			.readTree(words.substring(words.indexOf('[')))
			.valueStream()
			.map(JsonNode::asString)
			.toList();
	}

	private static List<String> found(String pattern, Path... files) throws IOException {
		List<String> found = new ArrayList<>();
		for (Path file : files) {
			found.addAll(Pattern.compile(pattern)
				.matcher(Files.readString(file))
				.results()
				.map(MatchResult::group)
				.toList());
		}
		return found;
	}

	private static JsonNode compose() throws IOException {
		return JsonMapper.shared().valueToTree(new Yaml().load(Files.readString(COMPOSE)));
	}

}
