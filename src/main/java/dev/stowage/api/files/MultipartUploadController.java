package dev.stowage.api.files;

import java.io.IOException;

import dev.stowage.api.FileResource;
import dev.stowage.file.FileException;
import dev.stowage.http.overload.ClientBody;
import dev.stowage.multipart.MultipartReader;
import dev.stowage.owner.Owner;
import dev.stowage.upload.FileService;
import dev.stowage.upload.UploadProperties;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
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
	FileResource upload(@AuthenticationPrincipal Owner owner, HttpServletRequest request) throws IOException {
		// a body whose length means that the file in it is too large is not read
		if (request.getContentLengthLong() > this.maxBodySize) {
			throw new FileException.OverLimit(this.maxFileSize);
		}
		ClientBody body = ClientBody.of(request).asUpload();
		UploadForm form = UploadForm.read(body, request.getContentLengthLong(),
				MultipartReader.boundary(request.getHeader(HttpHeaders.CONTENT_TYPE)), body.end());
		return FileResource.of(this.files.upload(owner, form));
	}

}
