package dev.stowage.security;

import com.nimbusds.jose.KeySourceException;

/** The issuer's keys cannot be read now, so a token is neither right nor wrong. */
class IssuerUnavailableException extends KeySourceException {

	IssuerUnavailableException(String message, Throwable cause) {
		super(message, cause);
	}

}
