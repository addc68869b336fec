package dev.stowage.api.resumable;

import java.util.Map;

import dev.stowage.api.UploadHeaders;
import dev.stowage.http.Problem;
import dev.stowage.http.ProblemAnswer;
import dev.stowage.http.RequestIdFilter;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** The one type of problem that only this protocol has. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ResumableProblemHandler {

	private static final String INCONSISTENT = "https://iana.org/assignments/http-problem-types"
			+ "#inconsistent-upload-length";

	@ExceptionHandler
	ResponseEntity<Object> length(InconsistentLengthException ex, HttpServletRequest request) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(UploadHeaders.COMPLETE, "?0");
		Problem problem = Problem
			.of(HttpStatus.BAD_REQUEST, "inconsistent_upload_length", String.valueOf(ex.getMessage()),
					UploadHeaders.LENGTH, RequestIdFilter.idOf(request))
			.as(INCONSISTENT, Map.of());
		return ProblemAnswer.answer(HttpStatus.BAD_REQUEST, headers, problem, request);
	}

}
