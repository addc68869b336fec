package dev.stowage.support;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** What happens soon, however slow and busy the machine is. */
public final class Soon {

	private Soon() {
	}

	public static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(60));
	}

}
