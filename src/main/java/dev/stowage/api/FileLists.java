package dev.stowage.api;

import java.io.IOException;
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
		if (first.hasMore() && query.limit() > SHORT) {
			Readers.Place place = this.readers.admit(owner, request);
			try {
				send(owner, query, first, shape, request, response);
			}
			finally {
				place.leave();
			}
		}
		else {
			send(owner, query, first, shape, request, response);
		}
	}

	/**
	 * Sends a list whose first page is known.
	 * @throws BrokenAnswerException if the rest cannot be read: a partial list must not
	 * end as if it were complete
	 */
	private void send(Owner owner, FileQuery query, FilePage first, FileListShape shape, HttpServletRequest request,
			HttpServletResponse response) throws IOException {
		this.closing.closeIfStopping(response);
		response.setContentType(MediaType.APPLICATION_JSON_VALUE);
		if (request.getMethod().equals("HEAD")) {
			return;
		}
		JsonGenerator generator = this.json.createGenerator(response.getOutputStream());
		try {
			write(owner, query, first, shape, generator);
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

	private void write(Owner owner, FileQuery query, FilePage first, FileListShape shape, JsonGenerator generator) {
		generator.writeStartObject();
		shape.begin(generator);
		generator.writeArrayPropertyStart("data");
		Optional<FileId> firstId = first.files().stream().findFirst().map(StoredFile::id);
		Optional<FileId> lastId = Optional.empty();
		FilePage page = first;
		int left = query.limit();
		while (!page.files().isEmpty()) {
			page.files().forEach((file) -> generator.writePOJO(shape.item(file)));
			lastId = Optional.of(page.files().getLast().id());
			left -= page.files().size();
			if (left == 0 || !page.hasMore()) {
				break;
			}
			page = this.files.list(owner, query.from(lastId, Math.min(left, PAGE)));
		}
		generator.writeEndArray();
		shape.end(generator, firstId, lastId, page.hasMore());
		generator.writeEndObject();
	}

}
