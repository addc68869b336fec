package dev.stowage.api.anthropic;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.stowage.api.FileListShape;
import dev.stowage.api.FileLists;
import dev.stowage.api.RequestException;
import dev.stowage.api.WholeNumber;
import dev.stowage.file.FileId;
import dev.stowage.file.FileQuery;
import dev.stowage.owner.Owner;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lists files, newest first, in either shape of this family. */
@RestController
class AnthropicListController {

	private static final int MAX_LIMIT = 1_000;

	private static final int DEFAULT_LIMIT = 20;

	private static final int MAX_IDS = 100;

	private final FileLists lists;

	AnthropicListController(FileLists lists) {
		this.lists = lists;
	}

	@GetMapping(path = "/v1/files", headers = Anthropic.VERSION)
	void list(@AuthenticationPrincipal Owner owner, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		if (Anthropic.isBeta(request)) {
			sendBeta(owner, request, response);
			return;
		}
		Optional<Set<FileId>> ids = ids(request);
		Optional<FileId> page = cursor(request, "page");
		FileListShape shape = new PageList();
		if (ids.isPresent()) {
			this.lists.send(owner, List.copyOf(ids.get()), false, shape, request, response);
		}
		else {
			this.lists.send(owner, newest(page, limit(request)), shape, request, response);
		}
	}

	private void sendBeta(Owner owner, HttpServletRequest request, HttpServletResponse response) throws IOException {
		Optional<FileId> before = cursor(request, "before_id");
		Optional<FileId> after = cursor(request, "after_id");
		if (before.isPresent() && after.isPresent()) {
			throw RequestException.invalid("before_id", "Send 'before_id' or 'after_id', not both.");
		}
		FileListShape shape = new BetaList();
		if (before.isPresent()) {
			this.lists.sendBefore(owner, before.get(), limit(request), shape, request, response);
		}
		else {
			this.lists.send(owner, newest(after, limit(request)), shape, request, response);
		}
	}

	private static FileQuery newest(Optional<FileId> after, int limit) {
		return new FileQuery(Optional.empty(), after, limit, true);
	}

	private static int limit(HttpServletRequest request) {
		return given(request, "limit").map((text) -> WholeNumber.parse("limit", text, 1, MAX_LIMIT))
			.orElse(DEFAULT_LIMIT);
	}

	private static Optional<FileId> cursor(HttpServletRequest request, String name) {
		return given(request, name).map((text) -> FileId.parse(text)
			.orElseThrow(() -> RequestException.invalid(name, "'" + name + "' must come from an earlier answer.")));
	}

	private static Optional<String> given(HttpServletRequest request, String name) {
		return Optional.ofNullable(request.getParameter(name)).filter((text) -> !text.isEmpty());
	}

	/**
	 * The files that a list is restricted to. What is no id names no file.
	 */
	private static Optional<Set<FileId>> ids(HttpServletRequest request) {
		Set<String> asked = new LinkedHashSet<>();
		for (String name : List.of("ids", "ids[]")) {
			String @Nullable [] values = request.getParameterValues(name);
			if (values != null) {
				asked.addAll(List.of(values));
			}
		}
		if (asked.isEmpty()) {
			return Optional.empty();
		}
		if (asked.size() > MAX_IDS) {
			throw RequestException.invalid("ids", "'ids' may name at most " + MAX_IDS + " files.");
		}
		if (given(request, "page").isPresent() || given(request, "limit").isPresent()) {
			throw RequestException.invalid("ids", "Send 'ids' without 'page' and 'limit'.");
		}
		Set<FileId> ids = new LinkedHashSet<>();
		asked.forEach((text) -> FileId.parse(text).ifPresent(ids::add));
		return Optional.of(ids);
	}

}
