package dev.stowage.api.resumable;

import java.time.Duration;

import dev.stowage.upload.append.AppendedUpload;
import dev.stowage.upload.append.AppendedUploads;

/** What the server accepts: the header Upload-Limit, a dictionary (RFC 9651). */
final class UploadLimit {

	static final String HEADER = "Upload-Limit";

	/**
	 * Clients of this version read {@code expires} where later ones read {@code max-age}.
	 */
	private static final int WITH_EXPIRES = 6;

	private UploadLimit() {
	}

	/**
	 * The limits of any upload.
	 * @param version the interop version of the client; 0 if it names none
	 */
	static String ofAny(AppendedUploads uploads, int version) {
		return of(uploads, uploads.maxAge(), version);
	}

	/**
	 * The limits of one upload.
	 * @param version the interop version of the client; 0 if it names none
	 */
	static String of(AppendedUpload upload, AppendedUploads uploads, int version) {
		return of(uploads, uploads.timeLeft(upload), version);
	}

	private static String of(AppendedUploads uploads, Duration left, int version) {
		long age = left.toSeconds();
		String limits = "max-size=" + uploads.maxSize() + ", min-size=1, max-age=" + age;
		return (version == WITH_EXPIRES) ? limits + ", expires=" + age : limits;
	}

}
