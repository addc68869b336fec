package dev.stowage.api.files;

import java.io.IOException;
import java.util.Optional;

import dev.stowage.api.FileResource;
import dev.stowage.api.IdempotencyHeader;
import dev.stowage.file.FileException;
import dev.stowage.file.StoredFile;
import dev.stowage.http.overload.ClientBody;
import dev.stowage.multipart.MultipartReader;
import dev.stowage.owner.Owner;
import dev.stowage.upload.Created;
import dev.stowage.upload.FileService;
import dev.stowage.upload.IdempotencyKey;
import dev.stowage.upload.IncomingFile;
import dev.stowage.upload.UploadProperties;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The OpenAI-compatible upload: straight from the socket to the store. */
@RestController
class MultipartUploadController {

	private final FileService files;

	private final long maxBodySize;

	private final long maxFileSize;

	MultipartUploadController(FileService files, UploadProperties limits) {
		this.files = files;
		this.maxFileSize = limits.maxFileSize().toBytes();
		this.maxBodySize = this.maxFileSize + MultipartReader.MAX_OVERHEAD;
	}

	@PostMapping(path = "/v1/files", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
	ResponseEntity<FileResource> upload(@AuthenticationPrincipal Owner owner, HttpServletRequest request)
			throws IOException {
		Optional<IdempotencyKey> key = IdempotencyHeader.of(request);
		// a body whose length means that the file in it is too large is not read
		if (request.getContentLengthLong() > this.maxBodySize) {
			throw new FileException.OverLimit(this.maxFileSize);
		}
		Created<StoredFile> file = this.files.upload(owner, key, new Form(request));
		return IdempotencyHeader.answer(file, FileResource.of(file.value()));
	}

	/** A request with a form. */
	private record Form(HttpServletRequest request) implements IncomingFile.Source {

		@Override
		public IncomingFile open() throws IOException {
			ClientBody body = ClientBody.of(this.request).asUpload();
			return UploadForm.read(body, this.request.getContentLengthLong(),
					MultipartReader.boundary(this.request.getHeader(HttpHeaders.CONTENT_TYPE)));
		}

		@Override
		public long leastBytes() {
			return MultipartReader.leastFileSize(this.request.getContentLengthLong());
		}

	}

}
