package dev.stowage.file;

/** Where a file is in its life; after the last its row is gone. */
public enum FileStatus {

	/** Known, but its bytes are not there or not verified. */
	PENDING,

	/** Whole, and never to change. */
	AVAILABLE,

	/** Gone for everyone; its bytes are being removed. */
	DELETING

}
