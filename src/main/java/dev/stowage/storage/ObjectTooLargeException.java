package dev.stowage.storage;

/** The stream had more bytes than its limit; nothing of it was kept. */
public class ObjectTooLargeException extends Exception {

	private final long limit;

	public ObjectTooLargeException(long limit) {
		super("More than " + limit + " bytes");
		this.limit = limit;
	}

	/** The limit that was crossed, in bytes. */
	public long limit() {
		return this.limit;
	}

}
