package dev.stowage.api;

import java.util.List;
import java.util.stream.Stream;

import dev.stowage.file.FileException;
import dev.stowage.file.Purpose;
import dev.stowage.owner.Scope;
import dev.stowage.upload.UploadProperties;

import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/** Reads purposes: those that this server knows by itself, and those of its settings. */
@Component
public class UploadPurpose {

	private final List<Purpose> ofClients;

	private final List<Purpose> ofServices;

	private final List<Purpose> all;

	UploadPurpose(UploadProperties settings) {
		this.ofClients = with(Purpose.OF_MULTIPART, settings);
		this.ofServices = with(Purpose.OF_SERVICE, settings);
		this.all = with(Purpose.BUILT_IN, settings);
	}

	private static List<Purpose> with(List<Purpose> known, UploadProperties settings) {
		return Stream.concat(known.stream(), settings.furtherPurposes().stream()).toList();
	}

	/**
	 * Reads the purpose of an upload through the server.
	 * @throws FileException.InvalidParameter when the caller of this thread's request may
	 * not name it
	 */
	public Purpose parse(String text) {
		return Purpose.parse(text, isOfService() ? this.ofServices : this.ofClients);
	}

	/**
	 * Reads the purpose of any file.
	 * @throws FileException.InvalidParameter when there is no such purpose
	 */
	public Purpose ofFile(String text) {
		return Purpose.parse(text, this.all);
	}

	private static boolean isOfService() {
		Authentication caller = SecurityContextHolder.getContext().getAuthentication();
		return caller != null && caller.getAuthorities()
			.stream()
			.anyMatch((authority) -> Scope.ALL_OWNERS.wireName().equals(authority.getAuthority()));
	}

}
