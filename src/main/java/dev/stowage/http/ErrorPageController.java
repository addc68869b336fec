package dev.stowage.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers errors of the container with the common problem body. */
@RestController
class ErrorPageController implements ErrorController {

	@RequestMapping("/error")
	@Nullable ResponseEntity<Object> error(HttpServletRequest request, HttpServletResponse response) {
		if (response.isCommitted()) {
			return null;
		}
		ResponseEntity<?> kept = ProblemAnswer.kept(request);
		if (kept != null) {
			HttpHeaders headers = new HttpHeaders();
			headers.putAll(kept.getHeaders());
			response.getHeaderNames().forEach(headers::remove);
			return ResponseEntity.status(kept.getStatusCode()).headers(headers).body(kept.getBody());
		}
		Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
		HttpStatus known = (status instanceof Integer code) ? HttpStatus.resolve(code) : HttpStatus.NOT_FOUND;
		return ContainerProblem.of((known != null) ? known : HttpStatus.INTERNAL_SERVER_ERROR, request);
	}

}
