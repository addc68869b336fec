package dev.stowage.faults;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The database is killed under load, and started again. */
class DatabaseRestartFaults {

	@Test
	void ofPostgres() throws Exception {
		try (Run run = new Run(getClass(), World.distributed(), Run.DEADLINES, Seen.ofServer(200, 503),
				Seen.ofStore(200))) {
			PostgresProcess postgres = run.world.postgres();
			run.restartUnderLoad(postgres::kill, () -> {
				postgres.startAgain();
				run.server.awaitReady();
			});
			run.conclude("kill -9 of PostgreSQL (" + run.world.name() + ")", Scale.RESTARTS);
			assertThat(run.seen.count(503)).as("clients that saw it").isPositive();
			assertThat(run.seen.brokenOff()).as("requests without an answer").isZero();
			assertThat(run.seen.worstSeconds()).isLessThan(Scale.LONGEST_WAIT_SECONDS);
		}
	}

}
