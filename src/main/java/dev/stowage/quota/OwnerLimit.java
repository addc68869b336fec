package dev.stowage.quota;

import java.util.OptionalInt;

import dev.stowage.owner.Limits;

/**
 * What one owner may have and ask for, where it differs from the settings.
 *
 * @param quota what it may have
 * @param requestsPerMinute of one instance; 0: any number
 * @param uploadsAtOnce of one instance; 0: any number
 */
public record OwnerLimit(Quota quota, OptionalInt requestsPerMinute, OptionalInt uploadsAtOnce) {

	public static final OwnerLimit NONE = new OwnerLimit(Quota.NONE, OptionalInt.empty(), OptionalInt.empty());

	public OwnerLimit {
		over(new Limits(0, 0), requestsPerMinute, uploadsAtOnce);
	}

	/** The same, with another quota. */
	public OwnerLimit with(Quota its) {
		return new OwnerLimit(its, this.requestsPerMinute, this.uploadsAtOnce);
	}

	/** The same, with other limits of requests. */
	public OwnerLimit with(OptionalInt requests, OptionalInt uploads) {
		return new OwnerLimit(this.quota, requests, uploads);
	}

	/** The limits of the settings, except where the owner has its own. */
	public Limits over(Limits usual) {
		return over(usual, this.requestsPerMinute, this.uploadsAtOnce);
	}

	private static Limits over(Limits usual, OptionalInt requests, OptionalInt uploads) {
		return new Limits(requests.orElse(usual.requestsPerMinute()), uploads.orElse(usual.uploadsAtOnce()));
	}

}
