package dev.stowage.api;

/** The range asks for bytes that a file does not have. */
final class RangeNotSatisfiableException extends RuntimeException {

	private final long size;

	RangeNotSatisfiableException(long size) {
		super("The file has " + size + " bytes, and none of them is in the requested range.");
		this.size = size;
	}

	/** How many bytes the file has. */
	long size() {
		return this.size;
	}

}
