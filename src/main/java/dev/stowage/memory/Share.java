package dev.stowage.memory;

/** What all uploads of one sender hold; guarded by the lock of the memory. */
final class Share {

	final String sender;

	/** In chunks. */
	int held;

	/** How many of its reservations are open. */
	int reservations;

	Share(String sender) {
		this.sender = sender;
	}

}
