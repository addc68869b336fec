package dev.stowage.startup;

/** A setting with which the server does not start. */
class InvalidSettingException extends RuntimeException {

	private final String action;

	InvalidSettingException(String message, String action) {
		super(message);
		this.action = action;
	}

	/** What to do about it. */
	String action() {
		return this.action;
	}

}
