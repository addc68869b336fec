package dev.stowage.api.problem;

import java.util.OptionalLong;

import dev.stowage.http.Problem;
import dev.stowage.http.ProblemAnswer;
import dev.stowage.http.RequestIdFilter;
import dev.stowage.owner.Owner;
import dev.stowage.quota.Quota;
import dev.stowage.quota.QuotaException;
import dev.stowage.quota.Quotas;
import dev.stowage.quota.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** The answer to a request for more than its owner may have. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class QuotaProblemHandler {

	private final Quotas quotas;

	private final Counter beyondQuota;

	private final Counter beyondSize;

	QuotaProblemHandler(Quotas quotas, MeterRegistry meters) {
		this.quotas = quotas;
		this.beyondQuota = counter("quota", meters);
		this.beyondSize = counter("file_size", meters);
	}

	private static Counter counter(String limit, MeterRegistry meters) {
		return Counter.builder("stowage.quota.refused")
			.tag("limit", limit)
			.description("Requests for more than their owner may have: beyond the quota 429, a larger file 413")
			.register(meters);
	}

	@ExceptionHandler
	ResponseEntity<Object> refused(QuotaException ex, @AuthenticationPrincipal Owner owner,
			HttpServletRequest request) {
		(ex.isForSize() ? this.beyondSize : this.beyondQuota).increment();
		String message = message(ex, owner);
		if (ex.isForSize()) {
			return ProblemAnswer.problem(HttpStatus.CONTENT_TOO_LARGE.value(), "file_too_large", message, "file",
					request);
		}
		Problem problem = Problem.of(HttpStatus.TOO_MANY_REQUESTS, Problem.INSUFFICIENT_QUOTA, message, null,
				RequestIdFilter.idOf(request));
		return ProblemAnswer.answer(HttpStatus.TOO_MANY_REQUESTS, ProblemAnswer.withoutRetry(),
				problem.withError(Problem.INSUFFICIENT_QUOTA, Problem.INSUFFICIENT_QUOTA), request);
	}

	/** Without figures if the database no longer answers. */
	private String message(QuotaException ex, Owner owner) {
		try {
			Quota quota = this.quotas.of(owner);
			return ex.isForSize() ? "File is too large. Your limit is " + bytes(quota.maxFileSize()) + "."
					: message(quota, this.quotas.usage(owner), ex);
		}
		catch (DataAccessException failure) {
			return "This is more than your quota allows.";
		}
	}

	private static String message(Quota quota, Usage usage, QuotaException ex) {
		String asked = (ex.asked() > 0) ? "one of " + count(ex.asked(), "byte") : "one more";
		return "Your quota is " + files(quota.maxFiles()) + " and " + bytes(quota.maxBytes()) + ". You have "
				+ count(usage.files(), "file") + " with " + count(usage.bytes(), "byte")
				+ ", including pending ones. There is no room for " + asked
				+ ". Delete files that are no longer needed, or ask the operator for more.";
	}

	private static String files(OptionalLong limit) {
		return limit.isPresent() ? count(limit.getAsLong(), "file") : "any number of files";
	}

	private static String bytes(OptionalLong limit) {
		return limit.isPresent() ? count(limit.getAsLong(), "byte") : "any number of bytes";
	}

	private static String count(long number, String what) {
		return number + " " + what + ((number == 1) ? "" : "s");
	}

}
