package dev.stowage.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** How much is injected, and what the command line changes about it. */
final class Scale {

	/** What is drawn at random follows from it. */
	static final long SEED = Long.getLong("faults.seed", System.nanoTime() & 0xFFFF_FFFFL);

	/** How often the server is killed, over each database and store. */
	static final int KILLS = Integer.getInteger("faults.kills", 100);

	/** How often a store or a database is killed. */
	static final int RESTARTS = Integer.getInteger("faults.restarts", 10);

	/** How often clients break a connection that appends. */
	static final int CUTS = Integer.getInteger("faults.cuts", 1_000);

	/** The jar of an older version, which serves beside this one. */
	static final Optional<Path> OLDER = Optional.ofNullable(System.getProperty("faults.older")).map(Path::of);

	/** How long it does. */
	static final Duration BESIDE = Duration.ofSeconds(Integer.getInteger("faults.beside", 30));

	static final int CLIENTS = Integer.getInteger("faults.clients", 8);

	/** How many requests come at once. */
	static final int CROWD = Integer.getInteger("faults.crowd", 10_000);

	/** How many clients vanish at each stage. */
	static final int VANISHING = Integer.getInteger("faults.vanishing", 300);

	/** How many clients are too slow. */
	static final int SLOW = Integer.getInteger("faults.slow", 100);

	/**
	 * How long a client may wait for an answer while a store or a database is
	 * unreachable.
	 */
	static final double LONGEST_WAIT_SECONDS = 60;

	private Scale() {
	}

}
