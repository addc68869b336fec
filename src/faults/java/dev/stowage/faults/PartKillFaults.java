package dev.stowage.faults;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The server is killed repeatedly while it completes uploads in parts, some of which are
 * completed twice at once, with different lists, or cancelled meanwhile.
 */
class PartKillFaults {

	private static final int KILLS_BETWEEN_AUDITS = 5;

	private static final int LOAD_MILLIS = 3_000;

	private static final int COMPOSE_MILLIS = 150;

	private int composing;

	@Test
	void onWhatTheServerBringsAlong() throws Exception {
		kill(World.embedded());
	}

	@Test
	void onDatabaseAndStoreOfTheirOwn() throws Exception {
		kill(World.distributed());
	}

	private void kill(World world) throws Exception {
		Map<String, String> settings = new HashMap<>(Run.SHORT_DEADLINES);
		settings.put("STOWAGE_UPLOADS_LIFE", "60s");
		try (Run run = new Run(getClass(), world, settings, Seen.ofServer(200, 400, 409), Seen.ofStore())) {
			PartClients clients = new PartClients(run.api, run.ledger, run.random);
			try (clients) {
				for (int kill = 1; kill <= Scale.KILLS; kill++) {
					run.server.start().awaitReady();
					if (kill % KILLS_BETWEEN_AUDITS == 0) {
						clients.paused(() -> run.audit.compare(false));
						run.requireNothingLost();
					}
					Thread.sleep(run.random.nextLong(LOAD_MILLIS));
					Waiting.await("a completion").until(clients::areCompleting);
					Thread.sleep(run.random.nextLong(COMPOSE_MILLIS));
					run.server.kill();
					this.composing += (run.world.endCompletions() > 0) ? 1 : 0;
				}
				run.server.start().awaitReady();
			}
			run.world.endUploadsInParts();
			run.conclude("kill -9 of the server while it completes uploads in parts (" + run.world.name() + ")",
					Scale.KILLS);
			Report.note(this.composing + " kills came while files were being made of parts.");
			assertThat(clients.contradictions()).as("answers that cannot both be true").isEmpty();
			Waiting.await("the rows of parts").untilAsserted(() -> assertThat(run.world.rowsOfParts()).isZero());
		}
	}

}
