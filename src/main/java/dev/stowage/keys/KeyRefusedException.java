package dev.stowage.keys;

/** Why a key opens nothing, in words for the one who presents it. */
public class KeyRefusedException extends RuntimeException {

	KeyRefusedException(String message) {
		super(message);
	}

}
