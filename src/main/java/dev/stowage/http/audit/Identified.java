package dev.stowage.http.audit;

/** A body of an answer that has an id, which may be logged. */
public interface Identified {

	String id();

	/** The id that the log has of it. */
	default String loggedId() {
		return id();
	}

}
