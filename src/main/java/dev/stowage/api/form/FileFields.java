package dev.stowage.api.form;

import java.io.IOException;
import java.util.Optional;

import dev.stowage.file.FileName;
import dev.stowage.file.Purpose;
import dev.stowage.multipart.Part;
import dev.stowage.upload.NewFile;

/**
 * What the fields of a form say about the file in it, in the words of one family of
 * clients. The fields may come before the file and after it.
 */
public interface FileFields {

	/**
	 * Takes the next field. A field that is ignored must be read, which limits its size.
	 * @throws dev.stowage.api.RequestException if it is wrong or given twice
	 */
	void accept(Part field) throws IOException;

	/** The purpose of the file, as far as it is known by now. */
	Optional<Purpose> purpose();

	/**
	 * Describes the file when all fields have been taken.
	 * @throws dev.stowage.api.RequestException if a field is missing, or does not fit
	 * with the others
	 */
	NewFile describe(FileName name, String contentType);

}
