package dev.stowage.api;

import java.io.IOException;
import java.time.Duration;

import dev.stowage.file.FileException;
import dev.stowage.http.HttpProperties;
import dev.stowage.http.MinimumRate;
import dev.stowage.http.RestOfBody;
import dev.stowage.http.overload.BodyDrain;
import dev.stowage.http.overload.Conversation;
import dev.stowage.multipart.MalformedMultipartException;
import dev.stowage.multipart.MultipartReader;
import dev.stowage.owner.Owner;
import dev.stowage.upload.FileService;
import dev.stowage.upload.UploadProperties;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The OpenAI-compatible upload: straight from the socket to the store. */
@RestController
class MultipartUploadController {

	private final FileService files;

	private final MinimumRate rate;

	private final Duration silence;

	private final long bytesPerSilence;

	private final long maxBodySize;

	private final long maxFileSize;

	MultipartUploadController(FileService files, UploadProperties limits, HttpProperties properties) {
		this.files = files;
		this.rate = new MinimumRate(properties);
		this.silence = properties.uploadTimeout();
		this.bytesPerSilence = properties.leastBytesIn(this.silence);
		this.maxFileSize = limits.maxFileSize().toBytes();
		this.maxBodySize = this.maxFileSize + MultipartReader.MAX_OVERHEAD;
	}

	@PostMapping(path = "/v1/files", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
	FileResource upload(@AuthenticationPrincipal Owner owner, HttpServletRequest request) throws IOException {
		requirePossible(request);
		Conversation.of(request).expectUpload(this.silence, this.bytesPerSilence);
		try {
			UploadForm form = UploadForm.read(this.rate.enforcedOn(request.getInputStream()),
					request.getContentLengthLong(), MultipartReader.boundary(request.getContentType()),
					Conversation.of(request).endOfInput());
			return FileResource.of(this.files.upload(owner, form));
		}
		catch (FileException.Stalled ex) {
			// the rest of the body is not read
			RestOfBody.leave(request);
			throw ex;
		}
		catch (MalformedMultipartException | RuntimeException ex) {
			BodyDrain.drain(request);
			throw ex;
		}
	}

	/** A body whose length means that the file in it is too large is not read. */
	private void requirePossible(HttpServletRequest request) {
		if (request.getContentLengthLong() <= this.maxBodySize) {
			return;
		}
		BodyDrain.drainUnasked(request);
		throw new FileException.OverLimit(this.maxFileSize);
	}

}
