package dev.stowage.api;

import dev.stowage.file.FileException;
import dev.stowage.file.Purpose;
import dev.stowage.owner.Scope;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** The purpose of an upload through the server. */
public final class UploadPurpose {

	private UploadPurpose() {
	}

	/**
	 * Reads one.
	 * @throws FileException.InvalidParameter when the caller of this thread's request may
	 * not name it
	 */
	public static Purpose parse(String text) {
		return Purpose.parse(text, isOfService() ? Purpose.OF_SERVICE : Purpose.OF_MULTIPART);
	}

	private static boolean isOfService() {
		Authentication caller = SecurityContextHolder.getContext().getAuthentication();
		return caller != null && caller.getAuthorities()
			.stream()
			.anyMatch((authority) -> Scope.ALL_OWNERS.wireName().equals(authority.getAuthority()));
	}

}
