package dev.stowage.faults;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

/** The server is killed repeatedly under load. */
class KillFaults {

	private static final int KILLS_BETWEEN_AUDITS = 5;

	/** One kill in five happens before the server answers. */
	private static final int STARTS = 5;

	private static final int LOAD_MILLIS = 3_000;

	private final Map<String, Integer> interrupted = new TreeMap<>();

	private int inStart;

	private int inSweep;

	private long startMillis = 3_000;

	@Test
	void onWhatTheServerBringsAlong() throws Exception {
		kill(World.embedded());
	}

	@Test
	void onDatabaseAndStoreOfTheirOwn() throws Exception {
		kill(World.distributed());
	}

	private void kill(World world) throws Exception {
		// complete finds nothing, and a URL has ended, when a restart took too long
		try (Run run = new Run(getClass(), world, Run.SHORT_DEADLINES, Seen.ofServer(200, 404),
				Seen.ofStore(200, 403))) {
			run.server.start().awaitReady();
			run.server.kill();
			try (Clients clients = run.clients()) {
				for (int kill = 1; kill <= Scale.KILLS; kill++) {
					run.server.start();
					if (run.random.nextInt(STARTS) == 0) {
						Thread.sleep(run.random.nextLong(this.startMillis));
						this.inStart++;
					}
					else {
						underLoad(run, clients, kill % KILLS_BETWEEN_AUDITS == 0);
					}
					clients.waitingFor().forEach((what, count) -> this.interrupted.merge(what, count, Integer::sum));
					run.server.kill();
					long killed = Instant.now().getEpochSecond();
					this.inSweep += (run.world.sweptAt(killed) > 0) ? 1 : 0;
				}
				run.server.start().awaitReady();
			}
			run.conclude("kill -9 of the server (" + run.world.name() + ")", Scale.KILLS);
			Report.note(this.inStart + " kills came during a start, " + this.inSweep
					+ " while a sweep was removing files; what clients waited for: " + spread() + ".");
		}
	}

	private void underLoad(Run run, Clients clients, boolean audit) throws Exception {
		this.startMillis = run.server.awaitReady().toMillis();
		if (audit) {
			clients.paused(() -> run.audit.compare(false));
			run.requireNothingLost();
		}
		Thread.sleep(run.random.nextLong(LOAD_MILLIS));
	}

	private String spread() {
		return this.interrupted.entrySet()
			.stream()
			.map((each) -> each.getKey() + " × " + each.getValue())
			.collect(Collectors.joining(", "));
	}

}
