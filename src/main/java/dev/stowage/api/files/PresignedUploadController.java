package dev.stowage.api.files;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.api.FileResource;
import dev.stowage.api.IdempotencyHeader;
import dev.stowage.api.JsonBody;
import dev.stowage.api.Metadata;
import dev.stowage.api.PathId;
import dev.stowage.api.RequestException;
import dev.stowage.api.WholeNumber;
import dev.stowage.file.FileId;
import dev.stowage.file.Purpose;
import dev.stowage.owner.Owner;
import dev.stowage.upload.Created;
import dev.stowage.upload.FileService;
import dev.stowage.upload.IdempotencyKey;
import dev.stowage.upload.UploadGrant;
import dev.stowage.upload.parts.PartUrls;
import dev.stowage.upload.parts.PresignedParts;
import dev.stowage.upload.parts.SentPart;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The pre-signed flow: create, then PUT directly to the store, then complete. */
@RestController
class PresignedUploadController {

	private static final String ABOUT = "It only describes the file; the bytes go to upload_url.";

	private static final String EXAMPLE = "{\"filename\": \"data.json\"}";

	private static final int MAX_PARTS = 10_000;

	private static final String ABOUT_LIST = "It names the parts that were uploaded.";

	private static final String EXAMPLE_LIST = "{\"parts\": [{\"number\": 1, \"etag\": \"...\"}]}";

	private final FileService files;

	private final PresignedParts parts;

	PresignedUploadController(FileService files, PresignedParts parts) {
		this.files = files;
		this.parts = parts;
	}

	@PostMapping(path = "/v1/files", consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<GrantResource> create(@AuthenticationPrincipal Owner owner, HttpServletRequest request,
			InputStream body) throws IOException {
		Optional<IdempotencyKey> key = IdempotencyHeader.of(request);
		JsonBody asked = JsonBody.read(body, JsonBody.MAX_SIZE, ABOUT, EXAMPLE);
		String filename = asked.requiredText("filename");
		Purpose purpose = asked.text("purpose")
			.map((text) -> Purpose.parse(text, Purpose.OF_PRESIGNED))
			.orElse(Purpose.CONTEXT);
		OptionalLong bytes = asked.wholeNumber("bytes");
		Metadata metadata = Metadata.of(asked);
		boolean parts = asked.isTrue("parts");
		if (parts && bytes.isEmpty()) {
			throw RequestException.invalid("bytes", "'bytes' is a required property of a file in parts");
		}
		if (parts || this.parts.areNeededFor(bytes.orElse(0))) {
			Created<PartUrls> grant = this.parts.grant(owner, key, filename, purpose, bytes.getAsLong(),
					metadata.json());
			return CreatedAnswer.of(grant, GrantResource.of(grant.value()), request);
		}
		Created<UploadGrant> grant = this.files.grant(owner, key, filename, purpose, bytes, metadata.json());
		return CreatedAnswer.of(grant, GrantResource.of(grant.value()), request);
	}

	@GetMapping("/v1/files/{id}/upload_urls")
	PartUrlListResource urls(@AuthenticationPrincipal Owner owner, @PathVariable String id,
			@RequestParam(defaultValue = "1") String from) {
		return PartUrlListResource
			.of(this.parts.urls(owner, PathId.parse(id), WholeNumber.parse("from", from, 1, MAX_PARTS)));
	}

	/** Reads its body only for a file in parts. */
	@PostMapping("/v1/files/{id}/complete")
	FileResource complete(@AuthenticationPrincipal Owner owner, @PathVariable String id, InputStream body)
			throws IOException {
		FileId file = PathId.parse(id);
		if (!this.parts.isInParts(owner, file)) {
			return FileResource.of(this.files.complete(owner, file));
		}
		JsonBody asked = JsonBody.read(body, JsonBody.MAX_LIST_SIZE, ABOUT_LIST, EXAMPLE_LIST);
		List<SentPart> sent = asked.requiredObjects("parts")
			.stream()
			.map((part) -> new SentPart(part.requiredWholeNumber("number"), part.requiredText("etag")))
			.toList();
		return FileResource.of(this.parts.complete(owner, file, sent));
	}

}
