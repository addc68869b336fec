package dev.stowage.check;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Items that are fetched a page at a time, so that only one page is in memory.
 *
 * @param <T> the item
 */
final class Pages<T> {

	/** How many items a page has; the most that S3 lists. */
	static final int SIZE = 1000;

	private final Function<Optional<T>, List<T>> fetch;

	private final Deque<T> page = new ArrayDeque<>();

	private Optional<T> last = Optional.empty();

	private boolean isLastPage;

	/**
	 * Fetches nothing yet.
	 * @param fetch returns the items after another one, or the first ones; fewer than a
	 * page are the last
	 */
	Pages(Function<Optional<T>, List<T>> fetch) {
		this.fetch = fetch;
	}

	/** Returns the next item; empty after the last. */
	Optional<T> next() {
		if (this.page.isEmpty() && !this.isLastPage) {
			List<T> items = this.fetch.apply(this.last);
			this.page.addAll(items);
			this.isLastPage = items.size() < SIZE;
		}
		Optional<T> item = Optional.ofNullable(this.page.poll());
		this.last = item.or(() -> this.last);
		return item;
	}

}
