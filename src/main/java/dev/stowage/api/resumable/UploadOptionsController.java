package dev.stowage.api.resumable;

import dev.stowage.upload.append.AppendedUploads;

import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/** Says, also to strangers, which uploads the server accepts. */
@RestController
class UploadOptionsController {

	private final AppendedUploads uploads;

	UploadOptionsController(AppendedUploads uploads) {
		this.uploads = uploads;
	}

	@RequestMapping(path = "/v1/files", method = RequestMethod.OPTIONS)
	ResponseEntity<Void> files() {
		return answer(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST, HttpMethod.OPTIONS);
	}

	@RequestMapping(path = "/v1/uploads", method = RequestMethod.OPTIONS)
	ResponseEntity<Void> uploads() {
		return answer(HttpMethod.POST, HttpMethod.OPTIONS);
	}

	@RequestMapping(path = "/v1/uploads/{id}", method = RequestMethod.OPTIONS)
	ResponseEntity<Void> upload() {
		return answer(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.PATCH, HttpMethod.DELETE, HttpMethod.OPTIONS);
	}

	private ResponseEntity<Void> answer(HttpMethod... allowed) {
		return ResponseEntity.noContent()
			.allow(allowed)
			.header(UploadLimit.HEADER, UploadLimit.ofAny(this.uploads, 0))
			.build();
	}

}
