package dev.stowage.api.anthropic;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The description of this dialect, beside that of all others. */
@RestController
class DescriptionController {

	private static final Resource DESCRIPTION = new ClassPathResource("openapi-anthropic.yaml");

	@GetMapping("/openapi-anthropic.yaml")
	ResponseEntity<Resource> describe() {
		return ResponseEntity.ok().contentType(MediaType.APPLICATION_YAML).body(DESCRIPTION);
	}

}
