package dev.stowage.api;

import java.io.IOException;
import java.io.InputStream;

import dev.stowage.file.Purpose;
import dev.stowage.owner.Owner;
import dev.stowage.upload.FileService;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The pre-signed flow: create, then PUT directly to the store, then complete. */
@RestController
class PresignedUploadController {

	private static final int MAX_BODY = 64 * 1024;

	private final FileService files;

	/**
	 * Unknown members are ignored; the limit on the body's size bounds them.
	 */
	private final JsonMapper json = new JsonMapper(JsonFactory.builder()
		.streamReadConstraints(StreamReadConstraints.builder()
			.maxNestingDepth(MAX_BODY)
			.maxNumberLength(MAX_BODY)
			.maxNameLength(MAX_BODY)
			.build())
		.build());

	PresignedUploadController(FileService files) {
		this.files = files;
	}

	@PostMapping(path = "/v1/files", consumes = MediaType.APPLICATION_JSON_VALUE)
	UploadResource create(@AuthenticationPrincipal Owner owner, InputStream body) throws IOException {
		JsonNode asked = parse(body.readNBytes(MAX_BODY + 1));
		return UploadResource.of(this.files.grant(owner, filename(asked), purpose(asked)));
	}

	private JsonNode parse(byte[] body) {
		if (body.length > MAX_BODY) {
			throw new RequestException(HttpStatus.CONTENT_TOO_LARGE, "validation_error", null,
					"The JSON body may have at most " + MAX_BODY
							+ " bytes. It only describes the file; the bytes go to upload_url.");
		}
		try {
			JsonNode asked = this.json.readTree(body);
			if (asked.isObject()) {
				return asked;
			}
		}
		catch (JacksonException ex) {
			// reported below
		}
		throw RequestException.invalid(null, "The body must be a JSON object such as {\"filename\": \"data.json\"}.");
	}

	private static String filename(JsonNode asked) {
		JsonNode filename = asked.path("filename");
		if (filename.isMissingNode() || filename.isNull()) {
			throw RequestException.invalid("filename", "'filename' is a required property");
		}
		if (!filename.isString()) {
			throw RequestException.invalid("filename", "'filename' must be a string");
		}
		return filename.stringValue();
	}

	private static Purpose purpose(JsonNode asked) {
		JsonNode purpose = asked.path("purpose");
		if (purpose.isMissingNode() || purpose.isNull()) {
			return Purpose.CONTEXT;
		}
		if (!purpose.isString()) {
			throw RequestException.invalid("purpose", "'purpose' must be a string");
		}
		return Purpose.parse(purpose.stringValue(), Purpose.OF_PRESIGNED);
	}

	@PostMapping("/v1/files/{id}/complete")
	FileResource complete(@AuthenticationPrincipal Owner owner, @PathVariable String id) {
		return FileResource.of(this.files.complete(owner, PathId.parse(id)));
	}

}
