package dev.stowage.faults;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The store is killed under load, and started again. */
class StoreRestartFaults {

	private static final int LOAD_MILLIS = 4_000;

	private static final int AWAY_MILLIS = 4_000;

	@Test
	void ofTheEngine() throws Exception {
		try (Run run = new Run(getClass(), World.withEngine(), Run.DEADLINES, Seen.ofServer(200, 503),
				Seen.ofStore(200, 503))) {
			Engine engine = run.world.engine();
			run.server.start().awaitReady();
			try (Clients clients = run.clients()) {
				for (int kill = 1; kill <= Scale.RESTARTS; kill++) {
					Thread.sleep(run.random.nextLong(LOAD_MILLIS));
					engine.kill();
					Thread.sleep(run.random.nextLong(AWAY_MILLIS));
					engine.startAgain();
					clients.paused(() -> run.audit.compare(false));
					run.requireNothingLost();
				}
			}
			run.conclude("kill -9 of the store, " + engine.name(), Scale.RESTARTS);
			assertThat(run.seen.count(503)).as("clients that saw it").isPositive();
			assertThat(run.seen.worstSeconds()).isLessThan(Scale.LONGEST_WAIT_SECONDS);
		}
	}

}
