package dev.stowage.api.uploads;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

import dev.stowage.api.form.CheckedForm;
import dev.stowage.api.RequestException;
import dev.stowage.http.overload.ClientBody;
import dev.stowage.multipart.Part;
import dev.stowage.upload.parts.IncomingPart;

/** A form that carries one part of an upload, in a field named {@code data}. */
final class PartForm implements IncomingPart {

	private static final String DATA = "data";

	private final CheckedForm reader;

	private final Part data;

	private final long bodySize;

	private final Runnable cancel;

	private PartForm(CheckedForm reader, long bodySize, Runnable cancel) throws IOException {
		this.reader = reader;
		this.bodySize = bodySize;
		this.cancel = cancel;
		this.data = readUntilData().orElseThrow(() -> RequestException.invalid(DATA, "'data' is a required property"));
	}

	/**
	 * Reads a form up to its data.
	 * @param bodySize its Content-Length; negative when the client did not say
	 */
	static PartForm read(ClientBody body, long bodySize, String boundary) throws IOException {
		return new PartForm(new CheckedForm(body, boundary), bodySize, body.end());
	}

	/** Other fields are ignored, within limits. */
	private Optional<Part> readUntilData() throws IOException {
		return this.reader.next(DATA, Part::bytes);
	}

	@Override
	public InputStream bytes() {
		return this.data.body();
	}

	@Override
	public void cancel() {
		this.cancel.run();
	}

	@Override
	public long atMost() {
		return (this.bodySize < 0) ? Long.MAX_VALUE : this.bodySize;
	}

	@Override
	public void end() throws IOException {
		if (readUntilData().isPresent()) {
			throw RequestException.invalid(DATA, "'data' is given twice. Send one part per request.");
		}
	}

}
