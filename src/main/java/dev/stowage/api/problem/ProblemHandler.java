package dev.stowage.api.problem;

import java.io.IOException;

import dev.stowage.api.RequestException;
import dev.stowage.file.FileException;
import dev.stowage.http.ContainerProblem;
import dev.stowage.http.RestOfBody;
import dev.stowage.http.ServerBusyException;
import dev.stowage.http.TooSlowException;
import dev.stowage.http.digest.BodyDigestException;
import dev.stowage.multipart.MalformedMultipartException;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.SignedUploadsOffException;
import dev.stowage.storage.StoreFullException;
import dev.stowage.upload.IdempotencyKey;
import dev.stowage.upload.parts.UploadException;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.coyote.CloseNowException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

import static dev.stowage.http.ProblemAnswer.answer;
import static dev.stowage.http.ProblemAnswer.damaged;
import static dev.stowage.http.ProblemAnswer.later;
import static dev.stowage.http.ProblemAnswer.problem;
import static dev.stowage.http.ProblemAnswer.unavailable;

/** Which status a failure becomes. */
@RestControllerAdvice
class ProblemHandler extends ResponseEntityExceptionHandler {

	private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

	private static final String AWAY = "The server cannot reach its storage. Please try again in a moment.";

	private static final String FULL = "The server has no room for more files."
			+ " Delete files that are no longer needed, or try again later.";

	private static final String UPLOADS_OFF = "Uploads to an upload_url are off on this server, because its store would"
			+ " accept more than an upload. The reason and the remedy are in the server's log. Uploads as"
			+ " multipart/form-data work.";

	private static final int AWAY_SECONDS = 5;

	private static final int COMPLETING_SECONDS = 2;

	private static final int UPLOAD_SECONDS = 1;

	private static final int PENDING_SECONDS = 10;

	private static final int IN_PROGRESS_SECONDS = 1;

	@ExceptionHandler
	ResponseEntity<Object> file(FileException ex, HttpServletRequest request) {
		String message = String.valueOf(ex.getMessage());
		return switch (ex) {
			case FileException.NotFound missing -> problem(404, "file_not_found", message, "id", request);
			case FileException.NotUploaded missing -> problem(404, "file_not_uploaded", message, "id", request);
			case FileException.NotCompleted pending -> problem(400, "file_not_completed", message, "id", request);
			case FileException.AlreadyCompleted done -> problem(400, "already_completed", message, "id", request);
			case FileException.BeingCompleted busy ->
				later(409, "completion_in_progress", message, COMPLETING_SECONDS, request);
			case FileException.TooManyCompletions many ->
				later(503, ServerBusyException.CODE, message, AWAY_SECONDS, request);
			case FileException.TooManyPending many -> later(429, "too_many_pending", message, PENDING_SECONDS, request);
			case FileException.Replaced replaced -> problem(409, "file_replaced", message, "id", request);
			case FileException.NotJson notJson -> problem(400, "invalid_json", message, "file", request);
			case FileException.TooLarge large -> problem(400, "file_too_large", message, "file", request);
			case FileException.OverLimit large -> problem(413, "file_too_large", message, "file", request);
			case FileException.LeaseLost lost -> later(503, ServerBusyException.CODE, message, AWAY_SECONDS, request);
			case FileException.KeyInUse busy ->
				later(409, "idempotency_request_in_progress", message, IN_PROGRESS_SECONDS, request);
			case FileException.KeyReused reused ->
				problem(422, "idempotency_key_reused", message, IdempotencyKey.HEADER, request);
			case FileException.Damaged damaged -> damaged(message, "id", request);
			case FileException.Stalled stalled -> stalled(message, request);
			case FileException.InvalidParameter invalid ->
				problem(400, "validation_error", message, invalid.parameter(), request);
		};
	}

	@ExceptionHandler
	ResponseEntity<Object> upload(UploadException ex, HttpServletRequest request) {
		String message = String.valueOf(ex.getMessage());
		return switch (ex) {
			case UploadException.NotFound missing -> problem(404, "upload_not_found", message, "upload_id", request);
			case UploadException.NotPending ended -> problem(400, "upload_not_pending", message, "upload_id", request);
			case UploadException.BeingCompleted busy ->
				later(409, "completion_in_progress", message, UPLOAD_SECONDS, request);
			case UploadException.PartTooLarge large -> problem(413, "file_too_large", message, "data", request);
			case UploadException.TooManyParts many -> problem(400, "too_many_parts", message, "upload_id", request);
			case UploadException.Damaged damaged -> damaged(message, "id", request);
		};
	}

	/** The rest of the body is not read. */
	private static ResponseEntity<Object> stalled(String message, HttpServletRequest request) {
		RestOfBody.leave(request);
		return problem(408, "upload_timeout", message, null, request);
	}

	@ExceptionHandler
	ResponseEntity<Object> request(RequestException ex, HttpServletRequest request) {
		return problem(ex.status(), ex.headers(), ex.code(), ex.text(), ex.param(), request);
	}

	@ExceptionHandler
	ResponseEntity<Object> multipart(MalformedMultipartException ex, HttpServletRequest request) {
		return problem(400, "validation_error", String.valueOf(ex.getMessage()), null, request);
	}

	@ExceptionHandler
	ResponseEntity<Object> digest(BodyDigestException ex, HttpServletRequest request) {
		String code = switch (ex) {
			case BodyDigestException.Invalid invalid -> "invalid_digest";
			case BodyDigestException.Mismatch mismatch -> "digest_mismatch";
		};
		return problem(400, code, String.valueOf(ex.getMessage()), ex.header(), request);
	}

	@ExceptionHandler
	ResponseEntity<Object> slow(TooSlowException ex, HttpServletRequest request) {
		RestOfBody.leave(request);
		return problem(408, "upload_timeout", String.valueOf(ex.getMessage()), null, request);
	}

	/** The connection is closed, so that waiting clients can have it. */
	@ExceptionHandler
	ResponseEntity<Object> busy(ServerBusyException ex, HttpServletRequest request) {
		RestOfBody.leave(request);
		return unavailable(ServerBusyException.CODE, String.valueOf(ex.getMessage()), ex.retryAfterSeconds(), request);
	}

	/** Every I/O error here is one of the client's connection. */
	@ExceptionHandler
	ResponseEntity<Object> connection(IOException ex, HttpServletRequest request) {
		log.debug("The client's connection failed: {}", ex.toString());
		RestOfBody.leave(request);
		return ContainerProblem.unreadBody(ex, request);
	}

	@ExceptionHandler
	ResponseEntity<Object> full(StoreFullException ex, HttpServletRequest request) {
		log.warn("Not enough space: {}", ex.getMessage());
		return problem(507, "storage_full", FULL, null, request);
	}

	@ExceptionHandler
	ResponseEntity<Object> storage(ObjectStoreException ex, HttpServletRequest request) {
		log.warn("The object store failed: {}", ex.getMessage());
		return unavailable("storage_unavailable", AWAY, AWAY_SECONDS, request);
	}

	/** Without Retry-After, because the state does not change until a restart. */
	@ExceptionHandler
	ResponseEntity<Object> uploadsOff(SignedUploadsOffException ex, HttpServletRequest request) {
		return problem(503, "presigned_uploads_off", UPLOADS_OFF, null, request);
	}

	/** A partial answer cannot be replaced by a problem: Tomcat closes the connection. */
	@ExceptionHandler
	void brokenOff(CloseNowException ex) throws CloseNowException {
		throw ex;
	}

	@ExceptionHandler
	ResponseEntity<Object> database(DataAccessException ex, HttpServletRequest request) {
		log.warn("The database failed: {}", ex.getMessage());
		return unavailable("storage_unavailable", AWAY, AWAY_SECONDS, request);
	}

	/** The messages repeat what the client sent, so they are not logged. */
	@ExceptionHandler({ RequestRejectedException.class, InvalidParameterException.class })
	ResponseEntity<Object> rejected(HttpServletRequest request) {
		return problem(400, "validation_error", "The request's path, query, method or headers are not allowed.", null,
				request);
	}

	@ExceptionHandler
	ResponseEntity<Object> anythingElse(Exception ex, HttpServletRequest request) {
		log.error("Unexpected failure", ex);
		return problem(500, "internal_server_error", ContainerProblem.INTERNAL, null, request);
	}

	/** What Spring MVC itself refuses. */
	@Override
	protected ResponseEntity<Object> handleExceptionInternal(Exception ex, @Nullable Object body, HttpHeaders headers,
			HttpStatusCode status, WebRequest webRequest) {
		HttpServletRequest request = ((ServletWebRequest) webRequest).getRequest();
		return status.is5xxServerError() ? anythingElse(ex, request) : ContainerProblem.of(status, headers, request);
	}

}
