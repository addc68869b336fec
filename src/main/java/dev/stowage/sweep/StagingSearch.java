package dev.stowage.sweep;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import dev.stowage.file.FileId;
import dev.stowage.file.ObjectKeys;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectPage;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Finds staged objects that no row needs. A {@code PUT} that began before its URL expired
 * may take any time, and so leave an object after the last row that named it was removed.
 * Once a day one instance lists the staging keys and removes what is older than a day and
 * not needed, and also what a start that was killed has left; nothing else in the bucket
 * is listed.
 */
@Component
class StagingSearch {

	private static final Logger logger = LoggerFactory.getLogger(StagingSearch.class);

	private static final Duration EVERY = Duration.ofDays(1);

	private static final Duration MIN_AGE = Duration.ofDays(1);

	private static final Duration CLAIM = Duration.ofMinutes(10);

	private static final Duration AFTER_FAILURE = Duration.ofHours(1);

	private static final String PROBES = "files/" + ObjectKey.PROBE;

	private static final Pattern PART_NUMBER = Pattern.compile("\\.[0-9]+$");

	private static final int PAGE = 1000;

	/** The next sweep continues with the rest, so that no sweep waits for it. */
	private static final int MAX_PAGES = 20;

	private final StagingRepository rows;

	private final ObjectStore store;

	StagingSearch(StagingRepository rows, ObjectStore store) {
		this.rows = rows;
		this.store = store;
	}

	/**
	 * Searches some of the keys, if the search is due and no other instance is running
	 * it.
	 */
	void goOn(Instant now) {
		try {
			this.rows.claim(now, now.plus(CLAIM)).ifPresent((position) -> search(now, position));
		}
		catch (DataAccessException ex) {
			logger.warn("The search for staged objects stopped early because the database failed: {}", ex.getMessage());
		}
	}

	private void search(Instant now, String from) {
		String position = from;
		int removed = 0;
		try {
			for (int page = 0; page < MAX_PAGES; page++) {
				ObjectPage listed = this.store.list(ObjectKeys.STAGING,
						Optional.of(position).filter((key) -> !key.isEmpty()), PAGE);
				removed += removeUnneeded(listed.objects(), now);
				position = listed.next().orElse("");
				if (position.isEmpty()) {
					removed += removeUnneeded(this.store.list(PROBES, Optional.empty(), PAGE).objects(), now);
					break;
				}
			}
			this.rows.plan(position.isEmpty() ? now.plus(EVERY) : now, position);
		}
		catch (ObjectStoreException ex) {
			logger.warn("The search for staged objects stopped early (again in {}): {}", AFTER_FAILURE,
					ex.getMessage());
			this.rows.plan(now.plus(AFTER_FAILURE), position);
		}
		if (removed > 0) {
			logger.info("Removed {} staged objects that no file needs", removed);
		}
	}

	private int removeUnneeded(List<ObjectPage.Listed> listed, Instant now) {
		Map<FileId, List<ObjectKey>> old = new TreeMap<>();
		List<ObjectKey> unneeded = new ArrayList<>();
		for (ObjectPage.Listed object : listed) {
			String name = object.key().substring(object.key().indexOf('/') + 1);
			if (!object.modified().isBefore(now.minus(MIN_AGE))) {
				continue;
			}
			if (name.startsWith(ObjectKey.PROBE)) {
				unneeded.add(new ObjectKey(object.key()));
			}
			// keys of any other form are left alone
			FileId.parse(PART_NUMBER.matcher(name).replaceFirst(""))
				.ifPresent(
						(id) -> old.computeIfAbsent(id, (any) -> new ArrayList<>()).add(new ObjectKey(object.key())));
		}
		Set<FileId> needed = this.rows.needed(old.keySet(), now.minus(MIN_AGE));
		old.keySet().removeAll(needed);
		old.values().forEach(unneeded::addAll);
		Map<ObjectKey, String> refused = this.store.deleteAll(unneeded);
		refused.forEach((key, reason) -> logger.warn("Could not remove a staged object: {}", reason));
		return unneeded.size() - refused.size();
	}

}
