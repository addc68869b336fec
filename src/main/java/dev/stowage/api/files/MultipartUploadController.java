package dev.stowage.api.files;

import java.io.IOException;
import java.util.Optional;

import dev.stowage.api.FileResource;
import dev.stowage.api.IdempotencyHeader;
import dev.stowage.api.UploadPurpose;
import dev.stowage.api.form.UploadForm;
import dev.stowage.file.StoredFile;
import dev.stowage.owner.Owner;
import dev.stowage.upload.Created;
import dev.stowage.upload.FileService;
import dev.stowage.upload.IdempotencyKey;
import dev.stowage.upload.UploadProperties;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The OpenAI-compatible upload: straight from the socket to the store. */
@RestController
class MultipartUploadController {

	private final FileService files;

	private final long maxFileSize;

	private final UploadPurpose purposes;

	MultipartUploadController(FileService files, UploadProperties limits, UploadPurpose purposes) {
		this.files = files;
		this.purposes = purposes;
		this.maxFileSize = limits.maxFileSize().toBytes();
	}

	@PostMapping(path = "/v1/files", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
	ResponseEntity<FileResource> upload(@AuthenticationPrincipal Owner owner, HttpServletRequest request)
			throws IOException {
		Optional<IdempotencyKey> key = IdempotencyHeader.of(request);
		Created<StoredFile> file = this.files.upload(owner, key,
				UploadForm.of(request, () -> new UploadFields(this.purposes), this.maxFileSize));
		return CreatedAnswer.of(file, FileResource.of(file.value()), request);
	}

}
