package dev.stowage.owner;

/** The owners that this server knows. */
@FunctionalInterface
public interface Owners {

	/** Whether there is more than one, as far as this instance knows. */
	boolean areSeveral();

}
