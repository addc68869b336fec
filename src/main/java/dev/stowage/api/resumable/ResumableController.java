package dev.stowage.api.resumable;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.api.AppendBody;
import dev.stowage.api.FileResource;
import dev.stowage.api.IdempotencyHeader;
import dev.stowage.api.RequestException;
import dev.stowage.api.UploadHeaders;
import dev.stowage.api.UploadPurpose;
import dev.stowage.http.digest.Digests;
import dev.stowage.http.digest.WithDigestOfFile;
import dev.stowage.http.fields.StructuredItem;
import dev.stowage.http.fields.UploadComplete;
import dev.stowage.owner.Owner;
import dev.stowage.upload.Created;
import dev.stowage.upload.append.AppendException;
import dev.stowage.upload.append.AppendProperties;
import dev.stowage.upload.append.AppendRequest;
import dev.stowage.upload.append.AppendedUpload;
import dev.stowage.upload.append.AppendedUploads;
import dev.stowage.upload.append.WholeDigest;
import dev.stowage.upload.parts.Uploads;
import dev.stowage.upload.pending.UploadId;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/** Creates uploads, says where they continue, appends to them and ends them. */
@RestController
class ResumableController {

	private static final String TUS = "Tus-Resumable";

	private static final String NOT_TUS = "!" + TUS;

	private static final String PARTIAL = "application/partial-upload";

	private final AppendedUploads uploads;

	private final Uploads inParts;

	private final AppendProperties properties;

	private final UploadPurpose purposes;

	ResumableController(AppendedUploads uploads, Uploads inParts, AppendProperties properties, UploadPurpose purposes) {
		this.purposes = purposes;
		this.uploads = uploads;
		this.inParts = inParts;
		this.properties = properties;
	}

	@WithDigestOfFile
	@PostMapping(path = "/v1/files", headers = UploadHeaders.COMPLETE, consumes = "!multipart/form-data")
	ResponseEntity<FileResource> create(@AuthenticationPrincipal Owner owner, HttpServletRequest request)
			throws IOException {
		boolean isLast = UploadComplete.of(request).orElseThrow(() -> required(UploadHeaders.COMPLETE, "?0 or ?1"));
		Created<AppendedUpload> created = this.uploads.create(owner, IdempotencyHeader.of(request),
				NewUpload.of(request, this.purposes), length(request, isLast), Optional.empty(),
				WholeDigest.of(Digests.ofWholeFile(request)));
		AppendedUpload upload = created.isReplay() ? created.value()
				: appendFirst(owner, created.value(), isLast, request);
		HttpHeaders headers = headers(upload, request);
		headers.set(HttpHeaders.LOCATION, UploadHeaders.location(upload.id()));
		headers.addAll(IdempotencyHeader.headers(created));
		return answer(upload, HttpStatus.CREATED, headers);
	}

	/**
	 * A raw body without the header, or with a malformed one, for which Spring would find
	 * no route: 404.
	 */
	@PostMapping("/v1/files")
	void refuse() throws HttpMediaTypeNotSupportedException {
		throw new HttpMediaTypeNotSupportedException("No such upload",
				List.of(MediaType.MULTIPART_FORM_DATA, MediaType.APPLICATION_JSON));
	}

	/** The length of a new file, which a client may say in two ways. */
	private static OptionalLong length(HttpServletRequest request, boolean isLast) {
		OptionalLong said = StructuredItem.size(UploadHeaders.lines(request, UploadHeaders.LENGTH));
		long body = request.getContentLengthLong();
		boolean isWrong = body >= 0 && said.isPresent()
				&& (isLast ? said.getAsLong() != body : said.getAsLong() < body);
		if (isWrong) {
			throw new InconsistentLengthException(
					"'" + UploadHeaders.LENGTH + "' is " + said.getAsLong() + ", but the body has " + body + " bytes.");
		}
		return (isLast && body >= 0) ? OptionalLong.of(body) : said;
	}

	/** A client that does not know where the upload is cannot continue it. */
	private AppendedUpload appendFirst(Owner owner, AppendedUpload upload, boolean isLast, HttpServletRequest request)
			throws IOException {
		AppendBody body = AppendBody.of(request);
		InterimResponses interim = InterimResponses.to(request, body.body(), this.properties, 0);
		interim.tell(upload.id(), this.uploads);
		try {
			return append(owner, upload.id(),
					new AppendRequest(0, upload.length(), isLast, body.isChecked(), body, interim::kept));
		}
		catch (Throwable ex) {
			if (!interim.isOn()) {
				this.uploads.abandon(owner, upload.id(), ex);
			}
			throw ex;
		}
	}

	@RequestMapping(path = "/v1/uploads/{id}", method = RequestMethod.HEAD, headers = NOT_TUS)
	ResponseEntity<Void> offset(@AuthenticationPrincipal Owner owner, @PathVariable String id,
			HttpServletRequest request) throws IOException {
		UploadId upload = UploadHeaders.id(id);
		try {
			return offset(this.uploads.toContinue(owner, upload), request);
		}
		catch (AppendException.NotFound ex) {
			// of an upload in parts, it is a GET without a body
			this.inParts.get(owner, upload);
			return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).build();
		}
	}

	private ResponseEntity<Void> offset(AppendedUpload upload, HttpServletRequest request) {
		HttpHeaders headers = headers(upload, request);
		upload.length().ifPresent((length) -> headers.set(UploadHeaders.LENGTH, String.valueOf(length)));
		return ResponseEntity.noContent().cacheControl(CacheControl.noStore()).headers(headers).build();
	}

	@PatchMapping(path = "/v1/uploads/{id}", consumes = PARTIAL)
	ResponseEntity<FileResource> append(@AuthenticationPrincipal Owner owner, @PathVariable String id,
			HttpServletRequest request) throws IOException, HttpMediaTypeNotSupportedException {
		if (request.getHeader(TUS) != null) {
			throw new HttpMediaTypeNotSupportedException("A request of tus has another type");
		}
		UploadId upload = UploadHeaders.id(id);
		long offset = StructuredItem.size(UploadHeaders.lines(request, UploadHeaders.OFFSET))
			.orElseThrow(() -> required(UploadHeaders.OFFSET, "a whole number"));
		boolean isLast = UploadComplete.of(request).orElseThrow(() -> required(UploadHeaders.COMPLETE, "?0 or ?1"));
		AppendBody body = AppendBody.of(request);
		InterimResponses interim = InterimResponses.to(request, body.body(), this.properties, offset);
		AppendedUpload after = append(owner, upload,
				new AppendRequest(offset, StructuredItem.size(UploadHeaders.lines(request, UploadHeaders.LENGTH)),
						isLast, body.isChecked(), body, interim::kept));
		return answer(after, HttpStatus.NO_CONTENT, headers(after, request));
	}

	private static RequestException required(String header, String example) {
		return RequestException.invalid(header, "'" + header + "' is a required header: " + example);
	}

	private AppendedUpload append(Owner owner, UploadId id, AppendRequest request) throws IOException {
		try {
			return this.uploads.append(owner, id, request);
		}
		catch (AppendException.BeyondLength ex) {
			// the draft demands that nothing continues such an upload
			this.uploads.cancel(owner, id);
			throw new InconsistentLengthException(ex.getMessage() + " It was cancelled.");
		}
		catch (AppendException.OtherLength ex) {
			throw new InconsistentLengthException(String.valueOf(ex.getMessage()));
		}
	}

	@DeleteMapping(path = "/v1/uploads/{id}", headers = NOT_TUS)
	ResponseEntity<Void> end(@AuthenticationPrincipal Owner owner, @PathVariable String id) {
		this.uploads.cancel(owner, UploadHeaders.id(id));
		return ResponseEntity.noContent().build();
	}

	/** The file, or where the upload continues. */
	private static ResponseEntity<FileResource> answer(AppendedUpload upload, HttpStatus unfinished,
			HttpHeaders headers) {
		return upload.file()
			.map((file) -> ResponseEntity.ok().headers(headers).body(FileResource.of(file)))
			.orElseGet(() -> ResponseEntity.status(unfinished).headers(headers).build());
	}

	private HttpHeaders headers(AppendedUpload upload, HttpServletRequest request) {
		HttpHeaders headers = UploadHeaders.of(upload);
		headers.set(UploadHeaders.COMPLETE, upload.file().isPresent() ? "?1" : "?0");
		headers.set(UploadLimit.HEADER, UploadLimit.of(upload, this.uploads, InterimResponses.version(request)));
		return headers;
	}

}
