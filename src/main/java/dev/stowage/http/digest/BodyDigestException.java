package dev.stowage.http.digest;

import java.io.IOException;

/** Why a body is refused by a digest of it. The message is for the client. */
public abstract sealed class BodyDigestException extends IOException {

	private final String header;

	private BodyDigestException(String header, String message) {
		super(message);
		this.header = header;
	}

	/** The name of the header that holds the digest. */
	public String header() {
		return this.header;
	}

	/** The header cannot be read. */
	public static final class Invalid extends BodyDigestException {

		Invalid(String header, String message) {
			super(header, message);
		}

	}

	/** The bytes have another digest. */
	public static final class Mismatch extends BodyDigestException {

		Mismatch(String header, String message) {
			super(header, message);
		}

	}

}
