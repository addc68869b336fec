package dev.stowage.api;

import java.io.IOException;

import dev.stowage.file.FileException;
import dev.stowage.file.FileProperties;
import dev.stowage.file.FileService;
import dev.stowage.file.Owner;
import jakarta.servlet.http.HttpServletRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The OpenAI-compatible upload: straight from the socket to the store. */
@RestController
class MultipartUploadController {

	private static final Logger logger = LoggerFactory.getLogger(MultipartUploadController.class);

	private final FileService files;

	private final long maxBodySize;

	private final long maxFileSize;

	MultipartUploadController(FileService files, FileProperties properties) {
		this.files = files;
		this.maxFileSize = properties.maxFileSize().toBytes();
		this.maxBodySize = this.maxFileSize + MultipartReader.MAX_OVERHEAD;
	}

	@PostMapping(path = "/v1/files", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
	FileResource upload(@AuthenticationPrincipal Owner owner, HttpServletRequest request) throws IOException {
		requirePossible(request);
		try {
			UploadForm form = UploadForm.read(request.getInputStream(),
					MultipartReader.boundary(request.getContentType()));
			return FileResource.of(this.files.upload(owner, form));
		}
		catch (MalformedMultipartException ex) {
			throw afterDraining(request, new RequestException(HttpStatus.BAD_REQUEST, "validation_error", null,
					String.valueOf(ex.getMessage())));
		}
		catch (IOException ex) {
			throw broken(ex);
		}
		catch (RuntimeException ex) {
			throw afterDraining(request, ex);
		}
	}

	/** A body so long that no file in it can be short enough is not read at all. */
	private void requirePossible(HttpServletRequest request) {
		if (request.getContentLengthLong() <= this.maxBodySize) {
			return;
		}
		FileException tooLarge = new FileException.OverLimit(this.maxFileSize);
		throw (request.getHeader(HttpHeaders.EXPECT) != null) ? tooLarge : afterDraining(request, tooLarge);
	}

	/** Most clients read no answer before they have sent what they began. */
	private static <T extends RuntimeException> T afterDraining(HttpServletRequest request, T failure) {
		BodyDrain.drain(request);
		return failure;
	}

	/**
	 * Tomcat itself answers 408 to a client that fell silent; one that is gone gets
	 * nothing.
	 */
	private static RequestException broken(IOException ex) {
		logger.debug("The upload broke off: {}", ex.toString());
		return RequestException.invalid(null, "The request's body ended before its declared end.");
	}

}
