package dev.stowage.support;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waits for what happens soon, even on a slow and busy machine. */
public final class Soon {

	private Soon() {
	}

	public static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(60));
	}

}
