package dev.stowage.settings;

/** A setting with which the server does not start. The message names it. */
public class InvalidSettingException extends RuntimeException {

	private final String action;

	public InvalidSettingException(String message) {
		this(message, "Correct the setting, and start again.");
	}

	/**
	 * Makes one.
	 * @param action what the operator can do
	 */
	public InvalidSettingException(String message, String action) {
		super(message);
		this.action = action;
	}

	/** Throws one unless the condition is true. */
	public static void require(boolean condition, String message) {
		if (!condition) {
			throw new InvalidSettingException(message);
		}
	}

	/** What the operator can do. */
	public String action() {
		return this.action;
	}

}
