package dev.stowage.api.files;

import java.io.IOException;
import java.io.InputStream;

import dev.stowage.api.FileResource;
import dev.stowage.api.JsonBody;
import dev.stowage.api.PathId;
import dev.stowage.file.Purpose;
import dev.stowage.owner.Owner;
import dev.stowage.upload.FileService;

import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The pre-signed flow: create, then PUT directly to the store, then complete. */
@RestController
class PresignedUploadController {

	private static final String ABOUT = "It only describes the file; the bytes go to upload_url.";

	private static final String EXAMPLE = "{\"filename\": \"data.json\"}";

	private final FileService files;

	PresignedUploadController(FileService files) {
		this.files = files;
	}

	@PostMapping(path = "/v1/files", consumes = MediaType.APPLICATION_JSON_VALUE)
	GrantResource create(@AuthenticationPrincipal Owner owner, InputStream body) throws IOException {
		JsonBody asked = JsonBody.read(body, JsonBody.MAX_SIZE, ABOUT, EXAMPLE);
		String filename = asked.requiredText("filename");
		Purpose purpose = asked.text("purpose")
			.map((text) -> Purpose.parse(text, Purpose.OF_PRESIGNED))
			.orElse(Purpose.CONTEXT);
		return GrantResource.of(this.files.grant(owner, filename, purpose));
	}

	@PostMapping("/v1/files/{id}/complete")
	FileResource complete(@AuthenticationPrincipal Owner owner, @PathVariable String id) {
		return FileResource.of(this.files.complete(owner, PathId.parse(id)));
	}

}
