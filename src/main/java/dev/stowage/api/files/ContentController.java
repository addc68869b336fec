package dev.stowage.api.files;

import java.io.IOException;
import java.time.Duration;

import dev.stowage.api.Dialect;
import dev.stowage.api.WholeNumber;
import dev.stowage.api.content.FileContent;
import dev.stowage.file.StoredFile;
import dev.stowage.owner.Owner;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Serves a file's content: the bytes, or a link to them. */
@RestController
class ContentController {

	private static final int DEFAULT_EXPIRES_IN = 600;

	/** The longest that Signature Version 4 allows: a week. */
	private static final int MAX_EXPIRES_IN = 604_800;

	private final FileContent content;

	ContentController(FileContent content) {
		this.content = content;
	}

	/** Serves {@code HEAD} as well. */
	@GetMapping("/v1/files/{id}/content")
	@Nullable LinkResource content(@AuthenticationPrincipal Owner owner, @PathVariable String id,
			@RequestParam(name = "expires_in") @Nullable String expiresIn, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		StoredFile file = this.content.find(owner, id, request);
		response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
		if (ContentChoice.of(request, Dialect.of(file)) == ContentChoice.LINK) {
			return LinkResource.of(file, this.content.link(file, expiresIn(expiresIn)));
		}
		this.content.send(file, contentType(file, request), request, response);
		return null;
	}

	private static Duration expiresIn(@Nullable String text) {
		int seconds = (text == null) ? DEFAULT_EXPIRES_IN : WholeNumber.parse("expires_in", text, 1, MAX_EXPIRES_IN);
		return Duration.ofSeconds(seconds);
	}

	/** OpenAI's clients get octets of any type, unless they ask for the type. */
	private static String contentType(StoredFile file, HttpServletRequest request) {
		boolean real = Dialect.of(file) != Dialect.OPENAI || ContentChoice.asksFor(request, file.contentType());
		return real ? file.contentType() : MediaType.APPLICATION_OCTET_STREAM_VALUE;
	}

}
