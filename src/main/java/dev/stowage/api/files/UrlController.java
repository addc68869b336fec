package dev.stowage.api.files;

import java.time.Duration;

import dev.stowage.api.WholeNumber;
import dev.stowage.api.content.FileContent;
import dev.stowage.owner.Owner;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Mistral's way to ask for a link to a file's content. */
@RestController
class UrlController {

	/** A week, the longest that Signature Version 4 allows. */
	private static final int MAX_HOURS = 168;

	private final FileContent content;

	UrlController(FileContent content) {
		this.content = content;
	}

	@GetMapping("/v1/files/{id}/url")
	UrlResource url(@AuthenticationPrincipal Owner owner, @PathVariable String id,
			@RequestParam(defaultValue = "24") String expiry, HttpServletRequest request) {
		int hours = WholeNumber.parse("expiry", expiry, 1, MAX_HOURS);
		return UrlResource.of(this.content.link(this.content.find(owner, id, request), Duration.ofHours(hours)));
	}

}
