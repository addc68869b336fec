package dev.stowage.api.admin;

import java.util.List;
import java.util.function.Function;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** A page of a list, in the order of the ids. */
record ListResource<T>(String object, List<T> data, @JsonProperty("first_id") @Nullable String firstId,
		@JsonProperty("last_id") @Nullable String lastId, @JsonProperty("has_more") boolean hasMore) {

	/** A page of what was found, which is one more than fits if there are more. */
	static <F, T> ListResource<T> of(List<F> found, int limit, Function<F, T> resource, Function<F, String> id) {
		List<F> page = found.subList(0, Math.min(limit, found.size()));
		return new ListResource<>("list", page.stream().map(resource).toList(),
				page.isEmpty() ? null : id.apply(page.getFirst()), page.isEmpty() ? null : id.apply(page.getLast()),
				found.size() > limit);
	}

}
