package dev.stowage.owner;

/** The owners that this server knows. */
@FunctionalInterface
public interface Owners {

	/** The number of owners. */
	int count();

}
