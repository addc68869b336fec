package dev.stowage.api;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import dev.stowage.file.FileId;
import dev.stowage.file.FilePage;
import dev.stowage.file.FileQuery;
import dev.stowage.file.Files;
import dev.stowage.file.StoredFile;
import dev.stowage.http.BrokenAnswerException;
import dev.stowage.http.ClosingAnswers;
import dev.stowage.http.overload.Readers;
import dev.stowage.owner.Owner;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Sends lists of files while they are read from the database: a few hundred rows at a
 * time, each page after the last file of the one before. So a list of 10,000 files holds
 * no more memory than a short one, and no database connection while it waits for its
 * client.
 */
@Component
public class FileLists {

	/**
	 * The most rows of a list that needs no place among the {@linkplain Readers readers}.
	 */
	private static final int SHORT = 50;

	/** How many rows are read at a time after those. */
	private static final int PAGE = 250;

	private static final Logger logger = LoggerFactory.getLogger(FileLists.class);

	private final Files files;

	private final Readers readers;

	private final ClosingAnswers closing;

	private final JsonMapper json;

	FileLists(Files files, Readers readers, ClosingAnswers closing, JsonMapper json) {
		this.files = files;
		this.readers = readers;
		this.closing = closing;
		this.json = json;
	}

	/** Sends what the query finds, in a shape that the client knows. */
	public void send(Owner owner, FileQuery query, FileListShape shape, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		// a database that fails here is a 503, so nothing may be written before
		FilePage first = this.files.list(owner, query.from(query.after(), Math.min(query.limit(), SHORT)));
		Found found = new Found(first, query);
		send(owner, first.hasMore() && query.limit() > SHORT, () -> write(owner, found, shape, request, response),
				request);
	}

	/**
	 * Sends files that are named, in the order of their names. Those that the owner does
	 * not have are left out.
	 * @param more what the list says of files that follow it
	 */
	public void send(Owner owner, List<FileId> ids, boolean more, FileListShape shape, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		List<FileId> start = ids.subList(0, Math.min(ids.size(), SHORT));
		Named named = new Named(this.files.find(owner, start), ids, start.size(), more);
		send(owner, ids.size() > SHORT, () -> write(owner, named, shape, request, response), request);
	}

	/**
	 * Sends the files of the page before another file, newest first. Of those, only the
	 * ids are held.
	 * @param before the file before which the page ends; it need not exist
	 */
	public void sendBefore(Owner owner, FileId before, int limit, FileListShape shape, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		FilePage page = this.files.list(owner, new FileQuery(Optional.empty(), Optional.of(before), limit, false));
		send(owner, page.files().reversed().stream().map(StoredFile::id).toList(), page.hasMore(), shape, request,
				response);
	}

	private void send(Owner owner, boolean isLong, Writing writing, HttpServletRequest request) throws IOException {
		if (!isLong) {
			writing.run();
			return;
		}
		Readers.Place place = this.readers.admit(owner, request);
		try {
			writing.run();
		}
		finally {
			place.leave();
		}
	}

	/**
	 * Writes a list whose first page is known.
	 * @throws BrokenAnswerException if the rest cannot be read: a partial list must not
	 * end as if it were complete
	 */
	private void write(Owner owner, Pages pages, FileListShape shape, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		this.closing.closeIfStopping(response);
		response.setContentType(MediaType.APPLICATION_JSON_VALUE);
		if (request.getMethod().equals("HEAD")) {
			return;
		}
		JsonGenerator generator = this.json.createGenerator(response.getOutputStream());
		try {
			write(owner, pages, shape, generator);
			// not after a failure, because it would write the end of the list
			generator.close();
		}
		catch (RuntimeException ex) {
			if (ex instanceof JacksonException
					&& NestedExceptionUtils.getMostSpecificCause(ex) instanceof IOException) {
				logger.debug("The client disconnected: {}", ex.toString());
				return;
			}
			logger.warn("A list was aborted: {}", ex.getMessage());
			throw new BrokenAnswerException("The rest of the list cannot be read", ex);
		}
	}

	private void write(Owner owner, Pages pages, FileListShape shape, JsonGenerator generator) {
		generator.writeStartObject();
		shape.begin(generator);
		generator.writeArrayPropertyStart("data");
		Optional<FileId> first = Optional.empty();
		Optional<FileId> last = Optional.empty();
		for (Optional<Pages> next = Optional.of(pages); next.isPresent(); next = next.get().next(this.files, owner)) {
			pages = next.get();
			List<StoredFile> files = pages.files();
			files.forEach((file) -> generator.writePOJO(shape.item(file)));
			if (!files.isEmpty()) {
				first = first.or(() -> Optional.of(files.getFirst().id()));
				last = Optional.of(files.getLast().id());
			}
		}
		generator.writeEndArray();
		shape.end(generator, first, last, pages.more());
		generator.writeEndObject();
	}

	@FunctionalInterface
	private interface Writing {

		void run() throws IOException;

	}

	/** One page of a list, and how to read the next. */
	private interface Pages {

		List<StoredFile> files();

		/** Empty if this is the last page of the list. */
		Optional<Pages> next(Files files, Owner owner);

		/** Whether files follow the list. */
		boolean more();

	}

	/**
	 * A page of what a query finds.
	 *
	 * @param query finds this page and all that follow it in the list
	 */
	private record Found(FilePage page, FileQuery query) implements Pages {

		@Override
		public List<StoredFile> files() {
			return this.page.files();
		}

		@Override
		public Optional<Pages> next(Files files, Owner owner) {
			int left = this.query.limit() - files().size();
			if (left == 0 || !this.page.hasMore()) {
				return Optional.empty();
			}
			FileQuery rest = this.query.from(Optional.of(files().getLast().id()), left);
			return Optional.of(new Found(files.list(owner, rest.from(rest.after(), Math.min(left, PAGE))), rest));
		}

		@Override
		public boolean more() {
			return this.page.hasMore();
		}

	}

	/**
	 * A page of files that are named.
	 *
	 * @param end how many of the ids this page and those before it have
	 */
	private record Named(List<StoredFile> files, List<FileId> ids, int end, boolean more) implements Pages {

		@Override
		public Optional<Pages> next(Files files, Owner owner) {
			if (this.end == this.ids.size()) {
				return Optional.empty();
			}
			int next = Math.min(this.end + PAGE, this.ids.size());
			return Optional
				.of(new Named(files.find(owner, this.ids.subList(this.end, next)), this.ids, next, this.more));
		}

	}

}
