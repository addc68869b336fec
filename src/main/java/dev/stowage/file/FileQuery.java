package dev.stowage.file;

import java.util.Map;
import java.util.Optional;

/**
 * Which files to list.
 *
 * @param purpose only these; empty: all
 * @param after the file after which to start; it need not exist
 * @param limit the most files on the page
 * @param newestFirst whether to start with the file that became available last
 * @param metadata only files of which their client said all of this
 */
public record FileQuery(Optional<Purpose> purpose, Optional<FileId> after, int limit, boolean newestFirst,
		Map<String, String> metadata) {

	/** One for files of which their client said anything or nothing. */
	public FileQuery(Optional<Purpose> purpose, Optional<FileId> after, int limit, boolean newestFirst) {
		this(purpose, after, limit, newestFirst, Map.of());
	}

	/** The same, from another file and for another number of files. */
	public FileQuery from(Optional<FileId> start, int most) {
		return new FileQuery(this.purpose, start, most, this.newestFirst, this.metadata);
	}

}
