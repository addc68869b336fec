package dev.stowage.sweep;

import java.time.Instant;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Notices when an unusual share of all files has expired at the same time, because a
 * wrong clock is then more likely than their age. Files that owners deleted do not count.
 */
@Component
class UnusualShare {

	private static final Logger logger = LoggerFactory.getLogger(UnusualShare.class);

	private final ShareRepository rows;

	private final SweepProperties.Sweep limits;

	UnusualShare(ShareRepository rows, SweepProperties properties) {
		this.rows = rows;
		this.limits = properties.sweep();
	}

	/** Counts the expired files, if many rows are due. */
	boolean isTooLarge(Instant now) {
		if (this.limits.maxShare() >= 1 || !this.rows.areDue(this.limits.usualCount() + 1L, now)) {
			return false;
		}
		long expired = this.rows.expired(now);
		if (expired <= this.limits.usualCount()) {
			return false;
		}
		// no further than the verdict needs, so that it costs the same however many files
		// exist
		long all = this.rows.available((long) (expired / this.limits.maxShare() + 1));
		if (expired <= all * this.limits.maxShare()) {
			return false;
		}
		logger
			.error("{} of {} files have expired at once, more than stowage.sweep.max-share={} allows. Expired files are"
					+ " kept until fewer of them are due. Check the clock of this machine. If the files may be"
					+ " removed, restart with STOWAGE_SWEEP_MAX_SHARE=1", expired, all, this.limits.maxShare());
		return true;
	}

}
