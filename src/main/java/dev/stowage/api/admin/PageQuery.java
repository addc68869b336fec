package dev.stowage.api.admin;

import java.util.Optional;

import dev.stowage.api.WholeNumber;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is asked for.
 *
 * @param after the id before it; empty: the first page
 * @param limit the most entries
 */
record PageQuery(String after, int limit) {

	private static final int USUAL = 20;

	private static final int MOST = 100;

	static PageQuery of(@Nullable String after, @Nullable String limit) {
		return new PageQuery(Optional.ofNullable(after).orElse(""),
				(limit == null || limit.isEmpty()) ? USUAL : WholeNumber.parse("limit", limit, 1, MOST));
	}

	/** One more tells whether there are more. */
	int lookAhead() {
		return this.limit + 1;
	}

}
