package dev.stowage.storage;

import java.util.concurrent.TimeUnit;

/** Tells slow clients from fast ones. */
final class Pace {

	/** Who brings fewer bytes in a second is slow. */
	private static final long SLOW = 1024 * 1024;

	/** Sooner, the first packets of a fast client look like those of a slow one. */
	private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(500);

	private Pace() {
	}

	static boolean isSlow(long bytes, long nanos) {
		return nanos > GRACE && bytes < (double) SLOW * nanos / TimeUnit.SECONDS.toNanos(1);
	}

}
