package dev.stowage.api.files;

import java.io.IOException;
import java.util.Optional;

import dev.stowage.api.Metadata;
import dev.stowage.api.RequestException;
import dev.stowage.api.UploadPurpose;
import dev.stowage.api.form.ExpiryFields;
import dev.stowage.api.form.FileFields;
import dev.stowage.file.FileName;
import dev.stowage.file.Purpose;
import dev.stowage.multipart.Part;
import dev.stowage.upload.NewFile;
import org.jspecify.annotations.Nullable;

/** OpenAI's fields: a purpose, and an expiry and metadata if the client wants them. */
final class UploadFields implements FileFields {

	private static final String PURPOSE = "purpose";

	private final ExpiryFields expiry = new ExpiryFields();

	private final Metadata metadata = new Metadata();

	private final UploadPurpose purposes;

	private @Nullable Purpose purpose;

	/**
	 * Fields of a form that has not been read.
	 * @param purposes reads what its file is for
	 */
	UploadFields(UploadPurpose purposes) {
		this.purposes = purposes;
	}

	@Override
	public void accept(Part field) throws IOException {
		if (field.name().equals(PURPOSE)) {
			if (this.purpose != null) {
				throw RequestException.invalid(PURPOSE, "'purpose' is given twice.");
			}
			this.purpose = this.purposes.parse(field.text());
		}
		else if (field.name().startsWith(ExpiryFields.NAME)) {
			this.expiry.accept(field.name(), field.text());
		}
		else if (Metadata.isNamed(field.name())) {
			this.metadata.accept(field.name(), field.text());
		}
		else {
			// ignored, within limits
			field.bytes();
		}
	}

	@Override
	public Optional<Purpose> purpose() {
		return Optional.ofNullable(this.purpose);
	}

	@Override
	public NewFile describe(FileName name, String contentType) {
		Purpose known = purpose()
			.orElseThrow(() -> RequestException.invalid(PURPOSE, "'purpose' is a required property"));
		return new NewFile(name, contentType, known, this.expiry.lifetime(), this.metadata.json());
	}

}
