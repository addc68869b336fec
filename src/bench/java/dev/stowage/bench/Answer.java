package dev.stowage.bench;

import java.io.IOException;

/** The answer to a request, with its body as text. */
record Answer(int status, String body) {

	Answer require(int expected) throws IOException {
		if (this.status != expected) {
			throw new IOException("Answered " + this.status + ": " + this.body);
		}
		return this;
	}

}
