package dev.stowage.owner;

/** The limits of each owner, which may change while the server runs. */
@FunctionalInterface
public interface LimitsOf {

	/**
	 * The present limits of an owner. Every request asks for them before its body is
	 * read, so an implementation answers from memory, does not wait and does not fail.
	 */
	Limits of(Owner owner);

}
