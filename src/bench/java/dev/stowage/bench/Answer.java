package dev.stowage.bench;

import java.io.IOException;

/**
 * The answer to a request.
 *
 * @param location the value of that header; empty if there is none
 * @param body as text
 */
record Answer(int status, String location, String body) {

	Answer require(int expected) throws IOException {
		if (this.status != expected) {
			throw new IOException("Answered " + this.status + ": " + this.body);
		}
		return this;
	}

}
