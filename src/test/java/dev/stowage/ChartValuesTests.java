package dev.stowage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.stowage.startup.SettingNames;
import dev.stowage.support.Chart;
import dev.stowage.support.Page;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** The values of the Helm chart: their names, and the names of settings in them. */
class ChartValuesTests {

	private static final Path VALUES = Chart.FOLDER.resolve("values.yaml");

	private static final Path SCHEMA = Chart.FOLDER.resolve("values.schema.json");

	private static final Pattern VARIABLE = Pattern
		.compile("\\b(AWS|JAVA|OTEL|SERVER|SPRING|STOWAGE)_[A-Z0-9]+(_[A-Z0-9]+)*\\b");

	private static final Pattern VALUE = Pattern.compile("\\.Values\\.([a-z]\\w*(\\.[a-z]\\w*)*)");

	/** The line before one with a value. */
	private static final Pattern WITH_LINE_BEFORE = Pattern.compile("(?m)^(.*)\n(?= *\\w+:[ \\t]+\\S)");

	@Test
	void nameNoSettingThatTheServerDoesNotKnow() throws IOException {
		List<String> known = SettingNames.all().stream().map(ChartValuesTests::variable).toList();
		StringBuilder documents = new StringBuilder();
		for (Page page : Page.all()) {
			documents.append(Files.readString(page.path()));
		}
		assertThat(found(VARIABLE, 0, texts())).hasSizeGreaterThan(20).allSatisfy((name) -> {
			if (name.startsWith("STOWAGE_")) {
				assertThat(known).contains(name);
			}
			else {
				assertThat(documents).contains('`' + name);
			}
		});
	}

	@Test
	void areEachUsedByATemplate() throws IOException {
		Set<String> used = found(VALUE, 1, templates());
		used.remove("pod.topologySpreadConstraints");
		assertThat(used).isEqualTo(names());
	}

	@Test
	void areEachDescribedByTheLineBefore() throws IOException {
		List<String> before = WITH_LINE_BEFORE.matcher(Files.readString(VALUES))
			.results()
			.map((line) -> line.group(1).strip())
			.toList();
		assertThat(before).hasSizeGreaterThan(30).allSatisfy((line) -> assertThat(line).startsWith("# "));
	}

	@Test
	void areEachKnownToTheSchema() throws IOException {
		Set<String> known = new TreeSet<>();
		collectProperties("", schema(), known);
		// Helm adds it if the chart is a part of another
		known.remove("global");
		assertThat(known).isEqualTo(names());
	}

	private static void collectProperties(String path, JsonNode schema, Set<String> names) {
		schema.path("properties").properties().forEach((property) -> {
			String name = path + property.getKey();
			if (property.getValue().has("properties") && !name.equals("pod")) {
				assertThat(property.getValue().path("additionalProperties").asBoolean(true)).as(name).isFalse();
				collectProperties(name + ".", property.getValue(), names);
			}
			else {
				names.add(name);
			}
		});
	}

	@Test
	void nameTheFieldsOfAPodThatTheSchemaKnows() throws IOException {
		assertThat(Files.readString(VALUES)).contains(schema().at("/properties/pod/properties").propertyNames());
	}

	@Test
	void haveTheVersionOfTheBuild() throws IOException {
		String pom = Files.readString(Path.of("pom.xml"));
		JsonNode chart = Chart.read(Chart.FOLDER.resolve("Chart.yaml"));
		assertThat(pom).contains("<artifactId>stowage</artifactId>\n\t<version>%s</version>"
			.formatted(chart.path("appVersion").asString()));
		assertThat(chart.path("version")).isEqualTo(chart.path("appVersion"));
	}

	static Stream<String> secrets() {
		return Stream.concat(
				SettingNames.all()
					.stream()
					.filter((name) -> name.matches(".*(key|keys|secret)"))
					.map(ChartValuesTests::variable),
				Stream.of("SPRING_DATASOURCE_PASSWORD", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
						"OTEL_EXPORTER_OTLP_HEADERS"));
	}

	@ParameterizedTest
	@MethodSource("secrets")
	void keepSecretsOutOfSettings(String name) {
		assertThatIllegalStateException().isThrownBy(() -> Chart.defaults("settings." + name + "=0123456789abcdef"))
			.withMessageContaining("settings." + name + " would show a secret");
	}

	private static String variable(String setting) {
		return setting.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
	}

	/** Of all values that have no further ones in them, such as {@code image.tag}. */
	private static Set<String> names() {
		Set<String> names = new TreeSet<>();
		collect("", Chart.read(VALUES), names);
		return names;
	}

	private static void collect(String path, JsonNode values, Set<String> names) {
		values.properties().forEach((value) -> {
			String name = path + value.getKey();
			if (value.getValue().isEmpty() || value.getValue().isArray() || name.equals("resources")) {
				names.add(name);
			}
			else {
				collect(name + ".", value.getValue(), names);
			}
		});
	}

	private static JsonNode schema() throws IOException {
		return JsonMapper.shared().readTree(Files.readString(SCHEMA));
	}

	private static Set<String> found(Pattern pattern, int group, List<Path> files) throws IOException {
		Set<String> found = new TreeSet<>();
		for (Path file : files) {
			pattern.matcher(Files.readString(file)).results().map((match) -> match.group(group)).forEach(found::add);
		}
		return found;
	}

	private static List<Path> templates() throws IOException {
		try (Stream<Path> files = Files.list(Chart.FOLDER.resolve("templates"))) {
			return files.toList();
		}
	}

	/** The files in which settings are named. */
	private static List<Path> texts() throws IOException {
		List<Path> texts = new ArrayList<>(templates());
		texts.add(VALUES);
		Chart.all().map(Chart::values).forEach(texts::add);
		return texts;
	}

}
