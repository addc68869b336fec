package dev.stowage.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The chart with values of a user, rendered by Helm itself. */
public record Chart(Path values) {

	/** Where it is. */
	public static final Path FOLDER = Path.of("src/main/helm/stowage");

	/** One pod with everything on a volume. */
	public static final Chart EMBEDDED = of("embedded");

	/** Pods that share a database and a bucket. */
	public static final Chart EXTERNAL = of("external");

	/** The same with all that the chart offers. */
	public static final Chart EVERYTHING = of("everything");

	private static Chart of(String name) {
		return new Chart(Path.of("src/test/resources/helm", name + ".yaml"));
	}

	/** With these three values, the lint and the templates are tried. */
	public static Stream<Chart> all() {
		return Stream.of(EMBEDDED, EXTERNAL, EVERYTHING);
	}

	/** The text of all objects; further values are such as {@code replicas=3}. */
	public String text(String... more) {
		return command(more).withValuesFile(this.values).call();
	}

	/** The objects by their kinds, of which none occurs twice. */
	public JsonNode objects(String... more) {
		ObjectNode objects = JsonMapper.shared().createObjectNode();
		for (Object document : new Yaml().loadAll(text(more))) {
			JsonNode object = json(document);
			String kind = object.path("kind").asString();
			if (objects.has(kind)) {
				throw new IllegalStateException("Two objects are a " + kind);
			}
			objects.set(kind, object);
		}
		return objects;
	}

	/** What Helm prints after an installation. */
	public String notes() {
		return new Helm(FOLDER).install()
			.withName("stowage")
			.withNamespace("files")
			.clientOnly()
			.dryRun()
			.withValuesFile(this.values)
			.call()
			.getOutput();
	}

	/** The variables that a container sets itself. */
	public static Map<String, String> environment(JsonNode container) {
		Map<String, String> environment = new LinkedHashMap<>();
		container.path("env")
			.forEach(
					(variable) -> environment.put(variable.path("name").asString(), variable.path("value").asString()));
		return environment;
	}

	/** The defaults, changed by these values. */
	public JsonNode merged() {
		JsonNode merged = read(FOLDER.resolve("values.yaml"));
		merge((ObjectNode) merged, read(this.values));
		return merged;
	}

	private static void merge(ObjectNode defaults, JsonNode changes) {
		changes.properties().forEach((change) -> {
			if (defaults.path(change.getKey()) instanceof ObjectNode inner && change.getValue().isObject()) {
				merge(inner, change.getValue());
			}
			else {
				defaults.set(change.getKey(), change.getValue());
			}
		});
	}

	/**
	 * What a strict lint says with these values. It knows only defaults, so they are
	 * written into a copy of the chart.
	 */
	public LintResult lint(Path folder) {
		Path copy = folder.resolve("stowage");
		try (Stream<Path> files = Files.walk(FOLDER)) {
			for (Path file : files.toList()) {
				Files.copy(file, copy.resolve(FOLDER.relativize(file)));
			}
			Files.writeString(copy.resolve("values.yaml"), merged().toString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return new Helm(copy).lint().strict().call();
	}

	/** Renders the defaults with further values, such as {@code replicas=3}. */
	public static String defaults(String... more) {
		return command(more).call();
	}

	private static TemplateCommand command(String... more) {
		TemplateCommand command = new Helm(FOLDER).template().withName("stowage").withNamespace("files");
		for (String value : more) {
			command.set(value.substring(0, value.indexOf('=')), value.substring(value.indexOf('=') + 1));
		}
		return command;
	}

	/** One file of YAML. */
	public static JsonNode read(Path file) {
		try {
			return json(new Yaml().load(Files.readString(file)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static JsonNode json(Object yaml) {
		return JsonMapper.shared().valueToTree(yaml);
	}

	/** The name of its values. */
	@Override
	public String toString() {
		return this.values.getFileName().toString();
	}

}
