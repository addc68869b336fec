package dev.stowage.api.description;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.function.Supplier;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The descriptions of the API. They are written by hand, because annotations cannot
 * describe several styles of request on one path. Tests compare them with what the server
 * answers.
 */
@RestController
class DescriptionController {

	private static final Resource OPENAI = new ClassPathResource("openapi.yaml");

	private static final Resource ANTHROPIC = new ClassPathResource("openapi-anthropic.yaml");

	private static final Resource SETTINGS = new ClassPathResource("docs/swagger-initializer.js");

	private static final URI PAGE = URI.create("/swagger-ui/index.html");

	/** Few servers are asked for it. */
	private final Supplier<byte[]> json = SingletonSupplier.of(DescriptionController::json);

	@GetMapping("/docs")
	ResponseEntity<Void> lead() {
		return ResponseEntity.status(HttpStatus.FOUND).location(PAGE).build();
	}

	@GetMapping("/openapi.json")
	ResponseEntity<byte[]> describe() {
		return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(this.json.get());
	}

	@GetMapping("/openapi-anthropic.yaml")
	ResponseEntity<Resource> describeAnthropic() {
		return ResponseEntity.ok().contentType(MediaType.APPLICATION_YAML).body(ANTHROPIC);
	}

	/** Which descriptions the page shows. */
	@GetMapping("/swagger-ui/swagger-initializer.js")
	ResponseEntity<Resource> settings() {
		return ResponseEntity.ok().contentType(MediaType.valueOf("text/javascript")).body(SETTINGS);
	}

	private static byte[] json() {
		try (InputStream yaml = OPENAI.getInputStream()) {
			Object description = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
			return JsonMapper.shared().writeValueAsBytes(description);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
