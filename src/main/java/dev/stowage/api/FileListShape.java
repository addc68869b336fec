package dev.stowage.api;

import java.util.Optional;

import dev.stowage.file.FileId;
import dev.stowage.file.StoredFile;
import tools.jackson.core.JsonGenerator;

/** How a family of clients reads a list: an object whose {@code data} are the files. */
public interface FileListShape {

	/** Writes the members before {@code data}. */
	default void begin(JsonGenerator object) {
	}

	/** What is written of a file. */
	Object item(StoredFile file);

	/**
	 * Writes the members after {@code data}: both ends of the list, and whether files
	 * follow, unless a family has others.
	 * @param first the first file of the list; empty if it has none
	 * @param last the last file of the list; empty if it has none
	 * @param more whether files follow the last one
	 */
	default void end(JsonGenerator object, Optional<FileId> first, Optional<FileId> last, boolean more) {
		object.writeBooleanProperty("has_more", more);
		writeId(object, "first_id", first);
		writeId(object, "last_id", last);
	}

	/** Writes the id of a file, or {@code null} if there is none. */
	static void writeId(JsonGenerator object, String name, Optional<FileId> id) {
		object.writePOJOProperty(name, id.map(FileId::value).orElse(null));
	}

}
