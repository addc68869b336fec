package dev.stowage.console;

import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Answers the files of the console, which are in memory. Whatever a query says is
 * ignored.
 */
@RestController
@ConditionalOnExpression(ConsoleProperties.IS_ON)
class ConsoleController {

	private static final URI CONSOLE = URI.create("/console/");

	private static final String INDEX = "index.html";

	private static final List<String> NAMES = List.of(INDEX, "style.css", "api.js", "uploads.js", "files.js", "app.js",
			"admin.js");

	private final Map<String, ConsoleFile> files = new LinkedHashMap<>();

	ConsoleController() throws IOException {
		for (String name : NAMES) {
			this.files.put(name, ConsoleFile.read(name));
		}
	}

	@GetMapping("/")
	ResponseEntity<Void> lead() {
		return ResponseEntity.status(HttpStatus.SEE_OTHER).location(CONSOLE).build();
	}

	@GetMapping("/console")
	ResponseEntity<byte[]> index(HttpServletRequest request) throws NoResourceFoundException {
		return file(INDEX, request);
	}

	@GetMapping("/console/{name}")
	ResponseEntity<byte[]> file(@PathVariable String name, HttpServletRequest request) throws NoResourceFoundException {
		ConsoleFile file = this.files.get(name);
		if (file == null) {
			throw new NoResourceFoundException(HttpMethod.valueOf(request.getMethod()), request.getRequestURI(),
					request.getRequestURI());
		}
		return file.answer();
	}

}
