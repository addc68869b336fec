package dev.stowage.upload.pending;

import java.time.Duration;

import dev.stowage.file.FileException;
import dev.stowage.owner.Owner;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TurnsTests {

	private static final Owner ALICE = new Owner("alice");

	@Test
	void refusesWhoWouldWaitTooLongAndNobodyElse() {
		Turns turns = new Turns(Duration.ofMillis(50));
		for (int i = 0; i < Turns.AT_ONCE; i++) {
			turns.take(ALICE);
		}
		assertThatExceptionOfType(FileException.TooManyCompletions.class).isThrownBy(() -> turns.take(ALICE));
		turns.take(new Owner("bob"));
		turns.giveBack(ALICE);
		turns.take(ALICE);
		assertThatExceptionOfType(FileException.TooManyCompletions.class).isThrownBy(() -> turns.take(ALICE));
	}

}
