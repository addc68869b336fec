package dev.stowage.owner;

import org.springframework.security.access.AccessDeniedException;

/** The key is right, and does not allow the request. */
public class InsufficientScopeException extends AccessDeniedException {

	public InsufficientScopeException(Scope missing) {
		super("This API key lacks the scope '" + missing.wireName() + "', which the request needs."
				+ " Use a key that has it.");
	}

}
