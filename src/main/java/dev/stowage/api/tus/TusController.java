package dev.stowage.api.tus;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.api.AppendBody;
import dev.stowage.api.IdempotencyHeader;
import dev.stowage.api.UploadHeaders;
import dev.stowage.api.UploadPurpose;
import dev.stowage.http.overload.ClientBody;
import dev.stowage.owner.Owner;
import dev.stowage.upload.Created;
import dev.stowage.upload.append.AppendRequest;
import dev.stowage.upload.append.AppendedUpload;
import dev.stowage.upload.append.AppendedUploads;
import dev.stowage.upload.pending.UploadId;
import dev.stowage.upload.pending.UploadStatus;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
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
class TusController {

	private final AppendedUploads uploads;

	private final UploadPurpose purposes;

	TusController(AppendedUploads uploads, UploadPurpose purposes) {
		this.uploads = uploads;
		this.purposes = purposes;
	}

	@PostMapping(path = "/v1/uploads", headers = Tus.RESUMABLE)
	ResponseEntity<Void> create(@AuthenticationPrincipal Owner owner, HttpServletRequest request) throws IOException {
		Tus.requireVersion(request);
		OptionalLong length = Tus.lengthOfNew(request);
		TusMetadata metadata = new TusMetadata(request.getHeader(Tus.METADATA));
		requireKnownChecksum(request);
		Created<AppendedUpload> created = this.uploads.create(owner, IdempotencyHeader.of(request),
				metadata.file(this.purposes), length, metadata.header(), Optional.empty());
		AppendedUpload upload = created.value();
		if (!created.isReplay() && Tus.BYTES.equalsIgnoreCase(request.getContentType())) {
			upload = appendFirst(owner, upload.id(), request);
		}
		HttpHeaders headers = headers(upload);
		headers.addAll(IdempotencyHeader.headers(created));
		return ResponseEntity.created(URI.create(UploadHeaders.location(upload.id()))).headers(headers).build();
	}

	/** Neither JSON nor the header, for which Spring would find no route: 404. */
	@PostMapping("/v1/uploads")
	void refuse() throws HttpMediaTypeNotSupportedException {
		throw new HttpMediaTypeNotSupportedException("No such upload", List.of(MediaType.APPLICATION_JSON));
	}

	/** A client that gets no answer does not know the upload. */
	private AppendedUpload appendFirst(Owner owner, UploadId id, HttpServletRequest request) throws IOException {
		try {
			return append(owner, id, 0, request);
		}
		catch (Throwable ex) {
			this.uploads.abandon(owner, id, ex);
			throw ex;
		}
	}

	@RequestMapping(path = "/v1/uploads/{id}", method = RequestMethod.HEAD, headers = Tus.RESUMABLE)
	ResponseEntity<Void> offset(@AuthenticationPrincipal Owner owner, @PathVariable String id,
			HttpServletRequest request) throws IOException {
		Tus.requireVersion(request);
		AppendedUpload upload = this.uploads.toContinue(owner, UploadHeaders.id(id));
		HttpHeaders headers = headers(upload);
		upload.length()
			.ifPresentOrElse((length) -> headers.set(UploadHeaders.LENGTH, String.valueOf(length)),
					() -> headers.set(Tus.DEFER_LENGTH, "1"));
		upload.metadata().ifPresent((metadata) -> headers.set(Tus.METADATA, metadata));
		return ResponseEntity.ok().cacheControl(CacheControl.noStore()).headers(headers).build();
	}

	@PatchMapping(path = "/v1/uploads/{id}", consumes = Tus.BYTES)
	ResponseEntity<Void> append(@AuthenticationPrincipal Owner owner, @PathVariable String id,
			HttpServletRequest request) throws IOException {
		Tus.requireVersion(request);
		long offset = Tus.requiredNumber(request, UploadHeaders.OFFSET);
		AppendedUpload upload = append(owner, UploadHeaders.id(id), offset, request);
		return ResponseEntity.noContent().headers(headers(upload)).build();
	}

	private AppendedUpload append(Owner owner, UploadId id, long offset, HttpServletRequest request)
			throws IOException {
		String checksum = request.getHeader(Tus.CHECKSUM);
		if (checksum != null) {
			ClientBody.of(request).readThrough(new TusChecksum(checksum)::over);
		}
		AppendBody body = AppendBody.of(request);
		return this.uploads.append(owner, id, new AppendRequest(offset, Tus.number(request, UploadHeaders.LENGTH),
				false, body.isChecked(), body, (kept) -> {
				}));
	}

	private static void requireKnownChecksum(HttpServletRequest request) {
		String checksum = request.getHeader(Tus.CHECKSUM);
		if (checksum != null) {
			new TusChecksum(checksum);
		}
	}

	@DeleteMapping(path = "/v1/uploads/{id}", headers = Tus.RESUMABLE)
	ResponseEntity<Void> end(@AuthenticationPrincipal Owner owner, @PathVariable String id,
			HttpServletRequest request) {
		Tus.requireVersion(request);
		this.uploads.cancel(owner, UploadHeaders.id(id));
		return ResponseEntity.noContent().build();
	}

	private static HttpHeaders headers(AppendedUpload upload) {
		HttpHeaders headers = UploadHeaders.of(upload);
		if (upload.status() == UploadStatus.PENDING) {
			headers.setInstant(Tus.EXPIRES, upload.expiresAt());
		}
		return headers;
	}

}
