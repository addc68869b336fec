package dev.stowage.api.anthropic;

import java.io.IOException;
import java.util.Optional;

import dev.stowage.api.IdempotencyHeader;
import dev.stowage.api.PathId;
import dev.stowage.api.content.FileContent;
import dev.stowage.api.form.UploadForm;
import dev.stowage.file.FileId;
import dev.stowage.file.Files;
import dev.stowage.file.StoredFile;
import dev.stowage.owner.Owner;
import dev.stowage.upload.Created;
import dev.stowage.upload.FileService;
import dev.stowage.upload.IdempotencyKey;
import dev.stowage.upload.UploadProperties;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Uploads, shows, sends and deletes files for clients of this family. */
@RestController
class AnthropicFileController {

	private final FileService uploads;

	private final Files files;

	private final FileContent content;

	private final long maxFileSize;

	AnthropicFileController(FileService uploads, Files files, FileContent content, UploadProperties limits) {
		this.uploads = uploads;
		this.files = files;
		this.content = content;
		this.maxFileSize = limits.maxFileSize().toBytes();
	}

	@PostMapping(path = "/v1/files", headers = Anthropic.VERSION, consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
	ResponseEntity<FileMetadata> upload(@AuthenticationPrincipal Owner owner, HttpServletRequest request)
			throws IOException {
		Optional<IdempotencyKey> key = IdempotencyHeader.of(request);
		Created<StoredFile> file = this.uploads.upload(owner, key,
				UploadForm.of(request, UploadFields::new, this.maxFileSize));
		return IdempotencyHeader.answer(file, FileMetadata.of(file.value()));
	}

	/** A file without content is none that a list of this family has. */
	@GetMapping(path = "/v1/files/{id}", headers = Anthropic.VERSION)
	FileMetadata get(@AuthenticationPrincipal Owner owner, @PathVariable String id) {
		return FileMetadata.of(this.files.getAvailable(owner, PathId.parse(id)));
	}

	/** Sends the bytes, of whichever way the file came in, as what they are. */
	@GetMapping(path = "/v1/files/{id}/content", headers = Anthropic.VERSION)
	void content(@AuthenticationPrincipal Owner owner, @PathVariable String id, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		StoredFile file = this.content.find(owner, id, request);
		response.addHeader(HttpHeaders.VARY, Anthropic.VERSION);
		this.content.send(file, file.contentType(), request, response);
	}

	@DeleteMapping(path = "/v1/files/{id}", headers = Anthropic.VERSION)
	DeletedFile delete(@AuthenticationPrincipal Owner owner, @PathVariable String id) {
		FileId file = PathId.parse(id);
		this.files.delete(owner, file);
		return DeletedFile.of(file.value());
	}

}
