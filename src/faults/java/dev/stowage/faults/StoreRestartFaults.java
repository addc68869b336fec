package dev.stowage.faults;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The store is killed under load, and started again. */
class StoreRestartFaults {

	@Test
	void ofTheEngine() throws Exception {
		try (Run run = new Run(getClass(), World.withEngine(), Run.DEADLINES, Seen.ofServer(200, 503),
				Seen.ofStore(200, 503))) {
			Engine engine = run.world.engine();
			run.restartUnderLoad(engine::kill, engine::startAgain);
			run.conclude("kill -9 of the store, " + engine.name(), Scale.RESTARTS);
			assertThat(run.seen.count(503)).as("clients that saw it").isPositive();
			assertThat(run.seen.worstSeconds()).isLessThan(Scale.LONGEST_WAIT_SECONDS);
		}
	}

}
