package dev.stowage.api.files;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;

import dev.stowage.api.CheckedForm;
import dev.stowage.api.ContentTypes;
import dev.stowage.api.ExpiryFields;
import dev.stowage.api.RequestException;
import dev.stowage.api.UploadPurpose;
import dev.stowage.file.FileName;
import dev.stowage.file.Purpose;
import dev.stowage.http.overload.ClientBody;
import dev.stowage.multipart.Part;
import dev.stowage.upload.IncomingFile;
import dev.stowage.upload.NewFile;
import org.jspecify.annotations.Nullable;

/**
 * A multipart form as it comes in: the parts before the file, the file, and, once its
 * bytes are read, the parts after it. An error is reported as soon as it is known.
 */
final class UploadForm implements IncomingFile {

	private static final String FILE = "file";

	private static final String PURPOSE = "purpose";

	private final CheckedForm reader;

	private final ExpiryFields expiry = new ExpiryFields();

	private final Part file;

	private final long bodySize;

	private final Runnable cancel;

	private @Nullable Purpose purpose;

	private UploadForm(CheckedForm reader, long bodySize, Runnable cancel) throws IOException {
		this.reader = reader;
		this.bodySize = bodySize;
		this.cancel = cancel;
		this.file = readUntilFile().orElseThrow(() -> RequestException.invalid(FILE, "'file' is a required property"));
		if (this.purpose != null) {
			described(this.purpose, Optional.empty());
		}
	}

	/**
	 * Reads a form up to its file.
	 * @param bodySize its Content-Length; negative when the client did not say
	 */
	static UploadForm read(ClientBody body, long bodySize, String boundary) throws IOException {
		return new UploadForm(new CheckedForm(body, boundary), bodySize, body.end());
	}

	private Optional<Part> readUntilFile() throws IOException {
		for (Optional<Part> part = this.reader.next(); part.isPresent(); part = this.reader.next()) {
			if (part.get().name().equals(FILE)) {
				return part;
			}
			accept(part.get());
		}
		return Optional.empty();
	}

	private void accept(Part part) throws IOException {
		if (part.name().equals(PURPOSE)) {
			if (this.purpose != null) {
				throw RequestException.invalid(PURPOSE, "'purpose' is given twice.");
			}
			this.purpose = UploadPurpose.parse(part.text());
		}
		else if (part.name().startsWith(ExpiryFields.NAME)) {
			this.expiry.accept(part.name(), part.text());
		}
		else {
			// ignored, within limits
			part.bytes();
		}
	}

	@Override
	public InputStream bytes() {
		return this.file.body();
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
	public Optional<Purpose> knownPurpose() {
		return Optional.ofNullable(this.purpose);
	}

	@Override
	public NewFile describe() throws IOException {
		if (readUntilFile().isPresent()) {
			throw RequestException.invalid(FILE, "'file' is given twice. Upload one file per request.");
		}
		if (this.purpose == null) {
			throw RequestException.invalid(PURPOSE, "'purpose' is a required property");
		}
		return described(this.purpose, this.expiry.lifetime());
	}

	private NewFile described(Purpose purpose, Optional<Duration> lifetime) {
		FileName name = this.file.fileName().map(FileName::of).orElse(FileName.NONE);
		return new NewFile(name, ContentTypes.of(this.file.contentType(), name), purpose, lifetime);
	}

}
