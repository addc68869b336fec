package dev.stowage.file;

/** The state of a file. After the last state its row is removed. */
public enum FileStatus {

	/** The row exists, but the bytes are missing or not verified. */
	PENDING,

	/** Complete; its bytes never change. */
	AVAILABLE,

	/** No longer visible; its bytes are being removed. */
	DELETING

}
