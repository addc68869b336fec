package dev.stowage.api.uploads;

import java.io.IOException;
import java.util.Optional;

import dev.stowage.api.RequestException;
import dev.stowage.api.WholeNumber;
import dev.stowage.http.overload.ClientBody;
import dev.stowage.multipart.MultipartReader;
import dev.stowage.owner.Owner;
import dev.stowage.upload.parts.PartId;
import dev.stowage.upload.parts.UploadException;
import dev.stowage.upload.parts.UploadPart;
import dev.stowage.upload.parts.Uploads;
import dev.stowage.upload.pending.UploadId;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Receives and lists the parts of an upload. */
@RestController
class PartController {

	/** A reader who takes nothing of a page this long holds little memory. */
	private static final int MAX_LIMIT = 100;

	private final Uploads uploads;

	PartController(Uploads uploads) {
		this.uploads = uploads;
	}

	@PostMapping(path = "/v1/uploads/{id}/parts", consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
	PartResource add(@AuthenticationPrincipal Owner owner, @PathVariable String id, HttpServletRequest request)
			throws IOException {
		UploadId upload = UploadPathId.parse(id);
		this.uploads.requirePending(owner, upload);
		// a body whose length means that the part in it is too large is not read
		if (request.getContentLengthLong() > UploadPart.MAX_SIZE + MultipartReader.MAX_OVERHEAD) {
			throw new UploadException.PartTooLarge(UploadPart.MAX_SIZE);
		}
		ClientBody body = ClientBody.of(request).asUpload();
		PartForm form = PartForm.read(body, request.getContentLengthLong(),
				MultipartReader.boundary(request.getHeader(HttpHeaders.CONTENT_TYPE)));
		return PartResource.of(this.uploads.addPart(owner, upload, form));
	}

	@GetMapping("/v1/uploads/{id}/parts")
	PartListResource list(@AuthenticationPrincipal Owner owner, @PathVariable String id,
			@RequestParam @Nullable String limit, @RequestParam @Nullable String after) {
		int most = (limit == null || limit.isEmpty()) ? MAX_LIMIT : WholeNumber.parse("limit", limit, 1, MAX_LIMIT);
		Optional<PartId> start = Optional.ofNullable(after)
			.filter((text) -> !text.isEmpty())
			.map((text) -> PartId.parse(text)
				.orElseThrow(() -> RequestException.invalid("after", "'after' must be the id of a part.")));
		return PartListResource.of(this.uploads.parts(owner, UploadPathId.parse(id), start, most));
	}

}
