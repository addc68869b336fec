package dev.stowage.quota;

import java.time.Clock;
import java.util.List;
import java.util.function.UnaryOperator;

import dev.stowage.owner.Owner;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * What owners may have and what they have. The database itself counts, and refuses what
 * is beyond a quota in the change that would exceed it: see {@link QuotaException}. So no
 * instance ever acknowledges more, and a changed quota counts at once.
 * <p>
 * Methods throw {@link DataAccessException} when the database fails.
 */
@Component
public class Quotas {

	private final QuotaRepository rows;

	private final KnownLimits known;

	private final Clock clock;

	Quotas(QuotaRepository rows, KnownLimits known, Clock clock) {
		this.rows = rows;
		this.known = known;
		this.clock = clock;
	}

	/** What the owner may have: by its own limits, otherwise as usual. */
	public Quota of(Owner owner) {
		return own(owner).quota().or(this.rows.usual());
	}

	/** What the owner has of its own. */
	public OwnerLimit own(Owner owner) {
		return this.rows.find(owner).orElse(OwnerLimit.NONE);
	}

	/**
	 * Changes what the owner has of its own. What it has beyond a new quota stays, and
	 * nothing is added to it. The quota counts at once; limits of requests do on other
	 * instances within 10 seconds. Of two simultaneous changes of the same, one may be
	 * lost.
	 */
	public OwnerLimit change(Owner owner, UnaryOperator<OwnerLimit> change) {
		OwnerLimit own = own(owner);
		OwnerLimit changed = change.apply(own);
		if (!changed.quota().equals(own.quota())) {
			this.rows.setQuota(owner, changed.quota(), this.clock.instant());
		}
		if (!changed.with(own.quota()).equals(own)) {
			this.rows.setRates(owner, changed, this.clock.instant());
			this.known.set(owner, changed);
		}
		return changed;
	}

	public Usage usage(Owner owner) {
		return this.rows.usage(owner);
	}

	/** By purpose, in the order of their names. Costs the more, the more files it has. */
	public List<PurposeUsage> usageByPurpose(Owner owner) {
		return this.rows.usageByPurpose(owner);
	}

}
