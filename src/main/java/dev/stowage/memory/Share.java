package dev.stowage.memory;

/** What all uploads of one sender hold. The lock of the memory guards it. */
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
