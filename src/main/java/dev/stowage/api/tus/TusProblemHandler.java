package dev.stowage.api.tus;

import dev.stowage.http.ProblemAnswer;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** The one status that only this protocol has. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class TusProblemHandler {

	private static final HttpStatusCode CHECKSUM_MISMATCH = HttpStatusCode.valueOf(460);

	@ExceptionHandler
	ResponseEntity<Object> checksum(ChecksumMismatchException ex, HttpServletRequest request) {
		return ProblemAnswer.problem(CHECKSUM_MISMATCH, new HttpHeaders(), "checksum_mismatch",
				String.valueOf(ex.getMessage()), Tus.CHECKSUM, request);
	}

}
