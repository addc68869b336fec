package dev.stowage.http;

/** A body of an answer that has an id, which may be logged. */
public interface Identified {

	String id();

}
