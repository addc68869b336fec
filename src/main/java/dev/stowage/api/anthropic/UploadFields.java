package dev.stowage.api.anthropic;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

import dev.stowage.api.RequestException;
import dev.stowage.api.WholeNumber;
import dev.stowage.api.form.FileFields;
import dev.stowage.file.FileName;
import dev.stowage.file.Purpose;
import dev.stowage.multipart.Part;
import dev.stowage.upload.NewFile;
import org.jspecify.annotations.Nullable;

/** The fields of this family: an expiry, if the client wants one. */
final class UploadFields implements FileFields {

	/** Files of this family have no purpose of their own. */
	private static final Purpose PURPOSE = Purpose.USER_DATA;

	private static final String EXPIRY = "expires_in_seconds";

	private static final int MIN_SECONDS = 3_600;

	private static final int MAX_SECONDS = 7_776_000;

	private @Nullable Duration lifetime;

	@Override
	public void accept(Part field) throws IOException {
		if (!field.name().equals(EXPIRY)) {
			// ignored, within limits
			field.bytes();
			return;
		}
		if (this.lifetime != null) {
			throw RequestException.invalid(EXPIRY, "'" + EXPIRY + "' is given twice.");
		}
		this.lifetime = Duration.ofSeconds(WholeNumber.parse(EXPIRY, field.text(), MIN_SECONDS, MAX_SECONDS));
	}

	@Override
	public Optional<Purpose> purpose() {
		return Optional.of(PURPOSE);
	}

	@Override
	public NewFile describe(FileName name, String contentType) {
		return new NewFile(name, contentType, PURPOSE, Optional.ofNullable(this.lifetime));
	}

}
