package dev.stowage.owner;

/** The owners that this server knows. */
@FunctionalInterface
public interface Owners {

	/** How many there are. */
	int count();

}
