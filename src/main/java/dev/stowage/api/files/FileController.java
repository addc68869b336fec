package dev.stowage.api.files;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;

import dev.stowage.api.FileLists;
import dev.stowage.api.FileResource;
import dev.stowage.api.Metadata;
import dev.stowage.api.PathId;
import dev.stowage.api.RequestException;
import dev.stowage.api.UploadPurpose;
import dev.stowage.api.WholeNumber;
import dev.stowage.file.FileId;
import dev.stowage.file.FileQuery;
import dev.stowage.file.Files;
import dev.stowage.owner.Owner;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists, shows and deletes files of either style. */
@RestController
class FileController {

	private static final int MAX_LIMIT = 10_000;

	private final Files files;

	private final FileLists lists;

	private final UploadPurpose purposes;

	FileController(Files files, FileLists lists, UploadPurpose purposes) {
		this.files = files;
		this.purposes = purposes;
		this.lists = lists;
	}

	@GetMapping("/v1/files")
	void list(@AuthenticationPrincipal Owner owner, @RequestParam @Nullable String purpose,
			@RequestParam @Nullable String limit, @RequestParam @Nullable String order,
			@RequestParam @Nullable String after, HttpServletRequest request, HttpServletResponse response)
			throws IOException {
		FileQuery query = new FileQuery(given(purpose).map(this.purposes::ofFile), cursor(after),
				given(limit).map((text) -> WholeNumber.parse("limit", text, 1, MAX_LIMIT)).orElse(MAX_LIMIT),
				given(order).map(FileController::newestFirst).orElse(true), metadata(request).pairs());
		this.lists.send(owner, query, new FileList(), request, response);
	}

	/**
	 * Clients that build a query from a form send the fields that nobody has filled in.
	 */
	private static Optional<String> given(@Nullable String value) {
		return Optional.ofNullable(value).filter((text) -> !text.isEmpty());
	}

	private static Metadata metadata(HttpServletRequest request) {
		Metadata metadata = new Metadata();
		request.getParameterMap().forEach((name, values) -> {
			if (Metadata.isNamed(name)) {
				Stream.of(values)
					.filter((value) -> !name.equals(Metadata.NAME) || !value.isEmpty())
					.forEach((value) -> metadata.acceptPair(name, value));
			}
		});
		return metadata;
	}

	private static Optional<FileId> cursor(@Nullable String after) {
		return given(after).map((text) -> FileId.parse(text)
			.orElseThrow(() -> RequestException.invalid("after", "'after' must be the id of a file.")));
	}

	private static boolean newestFirst(String order) {
		return switch (order) {
			case "desc" -> true;
			case "asc" -> false;
			default -> throw RequestException.invalid("order", "'order' must be 'asc' or 'desc'.");
		};
	}

	@GetMapping("/v1/files/{id}")
	FileResource get(@AuthenticationPrincipal Owner owner, @PathVariable String id) {
		return FileResource.of(this.files.get(owner, PathId.parse(id)));
	}

	@DeleteMapping("/v1/files/{id}")
	DeletedResource delete(@AuthenticationPrincipal Owner owner, @PathVariable String id) {
		FileId file = PathId.parse(id);
		this.files.delete(owner, file);
		return DeletedResource.of(file);
	}

}
