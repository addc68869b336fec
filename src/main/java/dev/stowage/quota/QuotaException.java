package dev.stowage.quota;

import java.util.function.Supplier;

import dev.stowage.database.RefusedChangeException;

/** The caller may not have so much. Nothing was changed. */
public final class QuotaException extends RuntimeException {

	private static final String SIZE = "beyond the size";

	private final long asked;

	private final boolean isForSize;

	private QuotaException(long asked, RefusedChangeException cause) {
		super("Beyond the quota", cause);
		this.asked = asked;
		this.isForSize = cause.isFor(SIZE);
	}

	/**
	 * Makes a change to the rows of files, which the database refuses if its owner may
	 * not have so much.
	 * @param bytes how many bytes the file will have, as far as it is known
	 */
	public static <T> T orMade(long bytes, Supplier<T> change) {
		try {
			return change.get();
		}
		catch (RefusedChangeException ex) {
			throw new QuotaException(bytes, ex);
		}
	}

	/** How many bytes the file would have had, as far as it is known. */
	public long asked() {
		return this.asked;
	}

	/** Whether the file is too large for the owner, however many it has. */
	public boolean isForSize() {
		return this.isForSize;
	}

}
