package dev.stowage.api.problem;

import java.util.Map;

import dev.stowage.api.UploadHeaders;
import dev.stowage.http.Problem;
import dev.stowage.http.ProblemAnswer;
import dev.stowage.http.RequestIdFilter;
import dev.stowage.upload.append.AppendException;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

import static dev.stowage.http.ProblemAnswer.damaged;
import static dev.stowage.http.ProblemAnswer.problem;

/** Which status a failure of an upload that continues becomes. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class AppendProblemHandler {

	private static final String PARAM = "upload_id";

	private static final String MISMATCH = "https://iana.org/assignments/http-problem-types#mismatching-upload-offset";

	@ExceptionHandler
	ResponseEntity<Object> append(AppendException ex, HttpServletRequest request) {
		String message = String.valueOf(ex.getMessage());
		return switch (ex) {
			case AppendException.NotFound missing -> problem(404, "upload_not_found", message, PARAM, request);
			case AppendException.Ended ended -> problem(410, "upload_not_pending", message, PARAM, request);
			case AppendException.Completed completed -> problem(400, "upload_not_pending", message, PARAM, request);
			case AppendException.WrongOffset wrong -> wrongOffset(wrong, request);
			case AppendException.BeyondLength beyond ->
				problem(413, "file_too_large", message, UploadHeaders.LENGTH, request);
			case AppendException.OtherLength other ->
				problem(400, "inconsistent_upload_length", message, UploadHeaders.LENGTH, request);
			case AppendException.OtherDigest other -> problem(400, "digest_mismatch", message, "Repr-Digest", request);
			case AppendException.TakenOver older -> ProblemAnswer.later(409, "upload_taken_over", message, 1, request);
			case AppendException.Damaged damaged -> damaged(message, PARAM, request);
		};
	}

	private static ResponseEntity<Object> wrongOffset(AppendException.WrongOffset ex, HttpServletRequest request) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(UploadHeaders.OFFSET, String.valueOf(ex.expected()));
		headers.set(UploadHeaders.COMPLETE, "?0");
		Problem problem = Problem
			.of(HttpStatus.CONFLICT, "mismatching_upload_offset", String.valueOf(ex.getMessage()), UploadHeaders.OFFSET,
					RequestIdFilter.idOf(request))
			.as(MISMATCH, Map.of("expected-offset", ex.expected(), "provided-offset", ex.provided()));
		return ProblemAnswer.answer(HttpStatus.CONFLICT, headers, problem, request);
	}

}
