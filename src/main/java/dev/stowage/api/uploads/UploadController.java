package dev.stowage.api.uploads;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

import dev.stowage.api.ContentTypes;
import dev.stowage.api.form.ExpiryFields;
import dev.stowage.api.IdempotencyHeader;
import dev.stowage.api.JsonBody;
import dev.stowage.api.Metadata;
import dev.stowage.api.UploadPurpose;
import dev.stowage.file.FileName;
import dev.stowage.file.Purpose;
import dev.stowage.owner.Owner;
import dev.stowage.upload.Created;
import dev.stowage.upload.IdempotencyKey;
import dev.stowage.upload.NewFile;
import dev.stowage.upload.parts.Upload;
import dev.stowage.upload.parts.Uploads;
import dev.stowage.upload.pending.UploadId;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Starts, shows, completes and cancels uploads. */
@RestController
class UploadController {

	private static final String ABOUT = "It only describes the upload; the bytes go to its parts.";

	private static final String EXAMPLE = "{\"purpose\": \"user_data\", \"filename\": \"data.csv\", \"bytes\": 1024,"
			+ " \"mime_type\": \"text/csv\"}";

	private static final String ABOUT_LIST = "It names the parts of the upload.";

	private static final String EXAMPLE_LIST = "{\"part_ids\": [\"part_...\"]}";

	private final Uploads uploads;

	private final UploadPurpose purposes;

	UploadController(Uploads uploads, UploadPurpose purposes) {
		this.uploads = uploads;
		this.purposes = purposes;
	}

	@PostMapping(path = "/v1/uploads", consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<UploadResource> create(@AuthenticationPrincipal Owner owner, HttpServletRequest request,
			InputStream body) throws IOException {
		Optional<IdempotencyKey> key = IdempotencyHeader.of(request);
		JsonBody asked = JsonBody.read(body, JsonBody.MAX_SIZE, ABOUT, EXAMPLE);
		FileName name = FileName.of(asked.requiredText("filename"));
		Purpose purpose = this.purposes.parse(asked.requiredText("purpose"));
		long bytes = asked.requiredWholeNumber("bytes");
		String type = ContentTypes.of(Optional.of(asked.requiredText("mime_type")), name);
		ExpiryFields expiry = new ExpiryFields();
		asked.json(ExpiryFields.NAME).ifPresent((text) -> expiry.accept(ExpiryFields.NAME, text));
		Metadata metadata = Metadata.of(asked);
		Created<Upload> created = this.uploads.create(owner, key,
				new NewFile(name, type, purpose, expiry.lifetime(), metadata.json()), bytes);
		return IdempotencyHeader.answer(created, UploadResource.of(created.value()));
	}

	@GetMapping("/v1/uploads/{id}")
	UploadResource get(@AuthenticationPrincipal Owner owner, @PathVariable String id) {
		return UploadResource.of(this.uploads.get(owner, UploadPathId.parse(id)));
	}

	/** Reads JSON of any media type, because the examples that clients copy name none. */
	@PostMapping("/v1/uploads/{id}/complete")
	UploadResource complete(@AuthenticationPrincipal Owner owner, @PathVariable String id, InputStream body)
			throws IOException {
		UploadId upload = UploadPathId.parse(id);
		this.uploads.get(owner, upload);
		JsonBody asked = JsonBody.read(body, JsonBody.MAX_LIST_SIZE, ABOUT_LIST, EXAMPLE_LIST);
		return UploadResource
			.of(this.uploads.complete(owner, upload, asked.requiredTexts("part_ids"), asked.text("md5")));
	}

	@PostMapping("/v1/uploads/{id}/cancel")
	UploadResource cancel(@AuthenticationPrincipal Owner owner, @PathVariable String id) {
		return UploadResource.of(this.uploads.cancel(owner, UploadPathId.parse(id)));
	}

}
