package dev.stowage.quota;

import java.time.Clock;

import dev.stowage.database.TestDatabase;

/** The rows of quotas, for tests of every package. */
public final class QuotaRows {

	private final QuotaRepository rows;

	private final KnownLimits known;

	private final Quotas quotas;

	public QuotaRows(TestDatabase database, Clock clock) {
		this.rows = new QuotaRepository(database.jdbc(), database.changes());
		this.known = new KnownLimits(this.rows);
		this.quotas = new Quotas(this.rows, this.known, clock);
	}

	public Quotas quotas() {
		return this.quotas;
	}

	KnownLimits known() {
		return this.known;
	}

	/** As the settings of an instance that starts. */
	void setUsual(Quota quota) {
		this.rows.setUsual(quota);
	}

}
