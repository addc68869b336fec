package dev.stowage.faults;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A server of an older version serves on while this version migrates its database, and
 * beside it from then on. Clients of each read and delete what came by the other.
 */
class OlderVersionFaults {

	private static final int ALONE_MILLIS = 5_000;

	@Test
	void servesBesideThisOne() throws Exception {
		assumeTrue(Scale.OLDER.isPresent(), "SKIPPED: -Dfaults.older names no jar");
		Path jar = Scale.OLDER.orElseThrow();
		try (Run run = new Run(getClass(), World.distributed(), Run.DEADLINES, Seen.ofServer(200), Seen.ofStore(200));
				Server older = new Server(run.world, Run.DEADLINES, jar)) {
			older.start().awaitReady();
			Api api = new Api(older.url(), run.seen, run.seenOfStore);
			try (Clients first = new Clients(api, run.ledger, run.random)) {
				Thread.sleep(ALONE_MILLIS);
				run.server.start().awaitReady();
				try (Clients second = run.clients()) {
					Thread.sleep(Scale.BESIDE.toMillis());
					first.paused(() -> second.paused(() -> run.audit.compare(true)));
				}
			}
			older.kill();
			run.conclude("an older version beside this one (" + run.world.name() + ")", 1);
		}
	}

}
