package dev.stowage.api.form;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Supplier;

import dev.stowage.api.ContentTypes;
import dev.stowage.api.RequestException;
import dev.stowage.file.FileException;
import dev.stowage.file.FileName;
import dev.stowage.file.Purpose;
import dev.stowage.http.overload.ClientBody;
import dev.stowage.multipart.MultipartReader;
import dev.stowage.multipart.Part;
import dev.stowage.upload.IncomingFile;
import dev.stowage.upload.NewFile;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpHeaders;

/**
 * A multipart form as it comes in: the parts before the file, the file, and, once its
 * bytes are read, the parts after it. An error is reported as soon as it is known.
 */
public final class UploadForm implements IncomingFile {

	private static final String FILE = "file";

	private final CheckedForm reader;

	private final FileFields fields;

	private final Part file;

	private final FileName name;

	private final String contentType;

	private final long bodySize;

	private final Runnable cancel;

	private UploadForm(CheckedForm reader, FileFields fields, long bodySize, Runnable cancel) throws IOException {
		this.reader = reader;
		this.fields = fields;
		this.bodySize = bodySize;
		this.cancel = cancel;
		this.file = readUntilFile().orElseThrow(() -> RequestException.invalid(FILE, "'file' is a required property"));
		this.name = this.file.fileName().map(FileName::of).orElse(FileName.NONE);
		this.contentType = ContentTypes.of(this.file.contentType(), this.name);
		fields.purpose().ifPresent((purpose) -> new NewFile(this.name, this.contentType, purpose, Optional.empty()));
	}

	/**
	 * The form of a request, none of which has been read.
	 * @param fields takes the other fields, each time the form is read
	 * @param maxFileSize the most bytes of a file
	 * @throws FileException.OverLimit if the length of the body means that the file is
	 * larger; then the body is not read
	 */
	public static IncomingFile.Source of(HttpServletRequest request, Supplier<? extends FileFields> fields,
			long maxFileSize) {
		if (request.getContentLengthLong() > maxFileSize + MultipartReader.MAX_OVERHEAD) {
			throw new FileException.OverLimit(maxFileSize);
		}
		return new Request(request, fields);
	}

	private Optional<Part> readUntilFile() throws IOException {
		return this.reader.next(FILE, this.fields::accept);
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
		return this.fields.purpose();
	}

	@Override
	public NewFile describe() throws IOException {
		if (readUntilFile().isPresent()) {
			throw RequestException.invalid(FILE, "'file' is given twice. Upload one file per request.");
		}
		return this.fields.describe(this.name, this.contentType);
	}

	/** A request with a form. */
	private record Request(HttpServletRequest request,
			Supplier<? extends FileFields> fields) implements IncomingFile.Source {

		@Override
		public IncomingFile open() throws IOException {
			ClientBody body = ClientBody.of(this.request).asUpload();
			String boundary = MultipartReader.boundary(this.request.getHeader(HttpHeaders.CONTENT_TYPE));
			return new UploadForm(new CheckedForm(body, boundary), this.fields.get(),
					this.request.getContentLengthLong(), body.end());
		}

		@Override
		public long leastBytes() {
			return MultipartReader.leastFileSize(this.request.getContentLengthLong());
		}

	}

}
