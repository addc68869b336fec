package dev.stowage.identity;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.stowage.storage.DurabilityProperties;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.storage.StorageProperties;
import dev.stowage.storage.StorageStartException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Binds a database to its store. Both hold an identity: its id never changes, its word is
 * replaced every few minutes, in the database first. This reveals a database with another
 * store, and a copy of a database with the store of the original. The server then refuses
 * to start, or stops removing objects.
 */
@Component
public class StoreBinding {

	private static final Logger logger = LoggerFactory.getLogger(StoreBinding.class);

	/** The age at which a word is replaced. */
	static final Duration PERIOD = Duration.ofMinutes(5);

	/**
	 * How long a word that was not replaced recently is watched before anything is
	 * removed. If this database is a copy, the original replaces the word in that time.
	 * It exceeds the period by the allowed difference between clocks.
	 */
	static final Duration WATCH = Duration.ofMinutes(7);

	/** How many objects are checked if the store holds no identity. */
	private static final int SAMPLE = 20;

	private static final int ATTEMPTS = 3;

	private static final String ADOPT = " Check the settings of the database and of the store. If they are right"
			+ " because one of them was restored or replaced, and no other database uses this store,"
			+ " set STOWAGE_ADOPT_STORE=true for one start";

	private final IdentityRepository rows;

	private final ObjectStore store;

	private final IdentityObject object;

	private final Clock clock;

	/** An embedded store belongs to one server, so no copy can share it. */
	private final boolean shareable;

	private volatile boolean started;

	private volatile boolean waiting;

	private volatile boolean adopting;

	private volatile BindingVerdict last = BindingVerdict.UNKNOWN;

	private volatile Optional<Instant> watchedSince = Optional.empty();

	StoreBinding(IdentityRepository rows, ObjectStore store, DurabilityProperties durability, StorageProperties storage,
			Clock clock) {
		this.rows = rows;
		this.store = store;
		this.object = new IdentityObject(store);
		this.clock = clock;
		this.shareable = storage.s3().isExternal();
		this.adopting = durability.adoptStore();
		requireOurs();
		this.started = true;
	}

	/** A store that does not answer is compared later. */
	private void requireOurs() {
		try {
			BindingVerdict verdict = settle();
			if (!say(verdict)) {
				throw new StorageStartException(verdict.text() + ADOPT, null);
			}
		}
		catch (ObjectStoreException | DataAccessException ex) {
			logger.warn("Nothing is removed until the store's identity can be compared: {}", ex.getMessage());
		}
	}

	/**
	 * Must be checked before anything is removed. Also false if the comparison fails.
	 */
	public boolean isOurs() {
		if (!this.shareable && this.last == BindingVerdict.OURS) {
			return true;
		}
		try {
			return say(settle()) && isLatest(this.clock.instant());
		}
		catch (ObjectStoreException | DataAccessException ex) {
			logger.warn("Nothing is removed because the store's identity could not be compared: {}", ex.getMessage());
			return false;
		}
	}

	/** Replaces the word if it is old enough and this instance has watched it. */
	void tend() {
		try {
			Instant now = this.clock.instant();
			if (this.shareable && say(settle()) && hasWatched(now) && age(now).compareTo(PERIOD) >= 0) {
				replaceWord();
			}
		}
		catch (ObjectStoreException | DataAccessException ex) {
			logger.debug("The store's word was not replaced: {}", ex.getMessage());
		}
	}

	/** Logs each change of the verdict once. */
	private boolean say(BindingVerdict verdict) {
		if (verdict != BindingVerdict.OURS && verdict != this.last && this.started) {
			logger.error("{} Nothing is removed from it.{}", verdict.text(), ADOPT);
		}
		this.last = verdict;
		if (verdict == BindingVerdict.OURS && this.watchedSince.isEmpty()) {
			this.watchedSince = Optional.of(this.clock.instant());
		}
		return verdict == BindingVerdict.OURS;
	}

	/** Whether no other database can have replaced the word unnoticed. */
	private boolean isLatest(Instant now) {
		if (!this.shareable || hasWatched(now) || age(now).compareTo(WATCH) < 0) {
			return true;
		}
		if (!this.waiting) {
			this.waiting = true;
			logger.info("Nothing is removed for {} minutes after a pause, because another server may use this store",
					WATCH.toMinutes());
		}
		return false;
	}

	private boolean hasWatched(Instant now) {
		return this.watchedSince.filter((since) -> !since.plus(WATCH).isAfter(now)).isPresent();
	}

	private Duration age(Instant now) {
		return this.rows.find()
			.flatMap(IdentityRepository.Known::writtenAt)
			.map((written) -> Duration.between(written, now))
			.orElse(WATCH);
	}

	/** Compares the two, and writes the identity on a first start or an adoption. */
	private BindingVerdict settle() {
		BindingVerdict verdict = compare();
		if (verdict == BindingVerdict.NEW || (this.adopting && verdict != BindingVerdict.OURS)) {
			if (verdict != BindingVerdict.NEW) {
				logger.warn("{} STOWAGE_ADOPT_STORE is set, so the two are bound together now", verdict.text());
			}
			replaceWord();
			verdict = compare();
		}
		if (verdict == BindingVerdict.OURS && this.adopting) {
			this.adopting = false;
			logger.warn("Remove STOWAGE_ADOPT_STORE now: the database and its store are bound together");
		}
		return verdict;
	}

	private BindingVerdict compare() {
		BindingVerdict verdict = BindingVerdict.UNKNOWN;
		// another instance may replace the word between two reads
		for (int attempt = 0; attempt < ATTEMPTS && verdict != BindingVerdict.OURS; attempt++) {
			IdentityRepository.Known known = known();
			verdict = compare(known, this.object.held());
		}
		return verdict;
	}

	private BindingVerdict compare(IdentityRepository.Known known, Optional<String> text) {
		if (text.isEmpty()) {
			return compareWithoutIdentity(known);
		}
		Optional<StoreIdentity> held = text.flatMap(StoreIdentity::parse);
		StoreIdentity ours = known.identity();
		if (held.filter((identity) -> identity.id().equals(ours.id())).isEmpty()) {
			return BindingVerdict.OTHERS;
		}
		String word = held.get().word();
		if (known.previous().filter(word::equals).isPresent()) {
			// a call that got no answer took effect late
			this.object.write(ours);
			return BindingVerdict.OURS;
		}
		if (known.next().filter(word::equals).isPresent()) {
			// the instance that wrote it could not record it
			this.rows.written(word, this.clock.instant());
			return BindingVerdict.OURS;
		}
		if (!word.equals(ours.word())) {
			return BindingVerdict.NEWER;
		}
		if (known.writtenAt().isEmpty()) {
			this.rows.written(word, this.clock.instant());
		}
		return BindingVerdict.OURS;
	}

	/** Ids are random, so a single known object shows whose store it is. */
	private BindingVerdict compareWithoutIdentity(IdentityRepository.Known known) {
		List<ObjectKey> objects = this.rows.someObjects(this.clock.instant(), SAMPLE);
		if (objects.isEmpty()) {
			return BindingVerdict.NEW;
		}
		if (known.writtenAt().isPresent()) {
			return BindingVerdict.LOST;
		}
		return objects.stream().anyMatch((key) -> this.store.find(key).isPresent()) ? BindingVerdict.NEW
				: BindingVerdict.EMPTY;
	}

	private IdentityRepository.Known known() {
		return this.rows.find().orElseGet(() -> {
			this.rows.addIfMissing(StoreIdentity.fresh());
			return this.rows.find().orElseThrow();
		});
	}

	/**
	 * Written to the database first, so the database always knows what the store holds.
	 */
	private void replaceWord() {
		StoreIdentity ours = known().identity();
		this.rows.noteNext(ours.word(), StoreIdentity.newWord()).ifPresent((next) -> {
			this.object.write(new StoreIdentity(ours.id(), next));
			this.rows.written(next, this.clock.instant());
		});
	}

}
