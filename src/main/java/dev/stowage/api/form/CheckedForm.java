package dev.stowage.api.form;

import java.io.IOException;
import java.util.Optional;

import dev.stowage.http.digest.BodyDigestException;
import dev.stowage.http.digest.Digests;
import dev.stowage.http.overload.ClientBody;
import dev.stowage.multipart.MultipartReader;
import dev.stowage.multipart.Part;

/**
 * The parts of a form, compared with the digests that the client sent: that of a part
 * when its body is read to the end, and that of the whole form after the last part.
 */
public final class CheckedForm {

	private final ClientBody body;

	private final MultipartReader reader;

	public CheckedForm(ClientBody body, String boundary) {
		this.body = body;
		this.reader = new MultipartReader(body, boundary);
	}

	/**
	 * Moves to the next part and skips the unread rest of this one. A digest of the form
	 * covers what follows its last part as well, so that is read when there is one.
	 * @return the part, or empty after the closing boundary
	 * @throws BodyDigestException when a digest cannot be read or differs
	 */
	public Optional<Part> next() throws IOException {
		Optional<Part> part = this.reader.next();
		if (part.isPresent()) {
			Digests digests = Digests.ofPart(part.get()::header);
			return Optional.of(part.get().through(digests::over));
		}
		if (this.body.isReadThrough()) {
			this.reader.skipEpilogue();
		}
		return part;
	}

	/**
	 * Moves to the next part of a name.
	 * @param others takes the parts before it
	 * @return the part, or empty after the closing boundary
	 * @throws BodyDigestException when a digest cannot be read or differs
	 */
	public Optional<Part> next(String name, Others others) throws IOException {
		Optional<Part> part = next();
		while (part.isPresent() && !part.get().name().equals(name)) {
			others.accept(part.get());
			part = next();
		}
		return part;
	}

	/** Takes parts that are not sought. */
	@FunctionalInterface
	public interface Others {

		/** Takes one. A part that is ignored must be read, which limits its size. */
		void accept(Part part) throws IOException;

	}

}
