package dev.stowage.storage;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A real store whose calls a test makes fail, interrupts and counts. */
public class FailingObjectStore implements ObjectStore {

	private static final ObjectKey NO_KEY = new ObjectKey("none");

	private final ObjectStore store;

	private final List<Rule> rules = new CopyOnWriteArrayList<>();

	private final List<Made> made = new CopyOnWriteArrayList<>();

	private final List<String> senders = new CopyOnWriteArrayList<>();

	public FailingObjectStore(ObjectStore store) {
		this.store = store;
	}

	/** Fails every such call from now on. */
	public void fail(Moment moment, Call call) {
		this.rules.add(new Rule(moment, call, 0, FailingObjectStore::refuse, new AtomicInteger()));
	}

	/** Fails the {@code nth} such call from now on, counted from 1. */
	public void fail(Moment moment, Call call, int nth) {
		run(moment, call, nth, FailingObjectStore::refuse);
	}

	/** Fails calls for one key. */
	public void fail(Moment moment, Call call, ObjectKey poisoned) {
		this.rules.add(new Rule(moment, call, 0, (key) -> {
			if (key.equals(poisoned)) {
				refuse(key);
			}
		}, new AtomicInteger()));
	}

	/**
	 * Runs an action before or after the {@code nth} such call from now on; 0: every one.
	 */
	public void run(Moment moment, Call call, int nth, Consumer<ObjectKey> action) {
		this.rules.add(new Rule(moment, call, nth, action, new AtomicInteger()));
	}

	/** Resets all faults and forgets the recorded calls. */
	public void heal() {
		this.rules.clear();
		this.made.clear();
		this.senders.clear();
	}

	/** The keys of such calls, in order, including refused ones. */
	public List<ObjectKey> calls(Call call) {
		return this.made.stream().filter((one) -> one.call() == call).map(Made::key).toList();
	}

	/** Who sent what was composed, in order. */
	public List<String> senders() {
		return List.copyOf(this.senders);
	}

	private static void refuse(ObjectKey key) {
		throw new ObjectStoreException("A test made " + key + " fail", null);
	}

	@Override
	public SignedRequest signPut(ObjectKey key, Duration validity) {
		return around(Call.SIGN_PUT, key, () -> this.store.signPut(key, validity));
	}

	@Override
	public SignedRequest signPut(ObjectKey key, Duration validity, long length) {
		return around(Call.SIGN_PUT, key, () -> this.store.signPut(key, validity, length));
	}

	@Override
	public SignedRequest signGet(ObjectKey key, Duration validity, String contentType, String contentDisposition) {
		return around(Call.SIGN_GET, key, () -> this.store.signGet(key, validity, contentType, contentDisposition));
	}

	@Override
	public Checksum put(ObjectKey key, IncomingBytes bytes) throws IOException, ObjectTooLargeException {
		note(Call.PUT, key);
		apply(Moment.BEFORE, Call.PUT, key);
		Checksum stored = this.store.put(key, bytes);
		apply(Moment.AFTER, Call.PUT, key);
		return stored;
	}

	@Override
	public Optional<ObjectInfo> find(ObjectKey key) {
		return around(Call.FIND, key, () -> this.store.find(key));
	}

	@Override
	public Optional<InputStream> open(ObjectKey key, long size, long offset, long length) {
		return around(Call.OPEN_RANGE, key, () -> this.store.open(key, size, offset, length));
	}

	@Override
	public Optional<InputStream> open(ObjectInfo object) {
		return around(Call.OPEN, object.key(), () -> this.store.open(object));
	}

	@Override
	public Optional<ObjectInfo> copy(ObjectInfo source, ObjectKey target) {
		return around(Call.COPY, target, () -> this.store.copy(source, target));
	}

	@Override
	public Optional<ObjectInfo> compose(List<ObjectRange> sources, ObjectKey target, String sender, Runnable progress) {
		this.senders.add(sender);
		return around(Call.COMPOSE, target, () -> this.store.compose(sources, target, sender, progress));
	}

	@Override
	public void append(GrowingObject object, IncomingBytes bytes, GrowingObject.Log log)
			throws IOException, ObjectTooLargeException {
		note(Call.APPEND, object.key());
		apply(Moment.BEFORE, Call.APPEND, object.key());
		this.store.append(object, bytes, log);
		apply(Moment.AFTER, Call.APPEND, object.key());
	}

	@Override
	public void finish(GrowingObject object, List<GrowingObject.StoredPart> parts, long size) {
		around(Call.FINISH, object.key(), () -> {
			this.store.finish(object, parts, size);
			return object;
		});
	}

	@Override
	public void delete(ObjectKey key) {
		around(Call.DELETE, key, () -> {
			this.store.delete(key);
			return key;
		});
	}

	/**
	 * Each key counts as a separate {@link Call#DELETE}, and is refused alone; a store
	 * that would refuse all keys fails as a whole.
	 */
	@Override
	public Map<ObjectKey, String> deleteAll(List<ObjectKey> keys) {
		Map<ObjectKey, String> refused = new ConcurrentHashMap<>();
		keys.forEach((key) -> this.made.add(new Made(Call.DELETE, key)));
		keys.forEach((key) -> note(refused, key, Moment.BEFORE));
		refused.putAll(this.store.deleteAll(keys.stream().filter((key) -> !refused.containsKey(key)).toList()));
		keys.stream().filter((key) -> !refused.containsKey(key)).forEach((key) -> note(refused, key, Moment.AFTER));
		if (!keys.isEmpty() && refused.size() == keys.size()) {
			throw new ObjectStoreException("A test made all of " + keys.size() + " fail", null);
		}
		return refused;
	}

	private void note(Map<ObjectKey, String> refused, ObjectKey key, Moment moment) {
		try {
			apply(moment, Call.DELETE, key);
		}
		catch (ObjectStoreException ex) {
			refused.put(key, String.valueOf(ex.getMessage()));
		}
	}

	@Override
	public ObjectPage list(String prefix, Optional<String> after, int limit) {
		return around(Call.LIST, NO_KEY, () -> this.store.list(prefix, after, limit));
	}

	@Override
	public void deleteUploads(ObjectKey key) {
		around(Call.DELETE_UPLOADS, key, () -> {
			this.store.deleteUploads(key);
			return key;
		});
	}

	@Override
	public void abortUploads(String prefix) {
		around(Call.ABORT_UPLOADS, NO_KEY, () -> {
			this.store.abortUploads(prefix);
			return NO_KEY;
		});
	}

	@Override
	public void forEachUpload(String prefix, Consumer<OpenUpload> action) {
		around(Call.LIST_UPLOADS, NO_KEY, () -> {
			this.store.forEachUpload(prefix, action);
			return NO_KEY;
		});
	}

	@Override
	public void abort(OpenUpload upload) {
		around(Call.ABORT_UPLOADS, NO_KEY, () -> {
			this.store.abort(upload);
			return NO_KEY;
		});
	}

	@Override
	public long maxSize() {
		return this.store.maxSize();
	}

	@Override
	public long maxAppendedSize() {
		return this.store.maxAppendedSize();
	}

	@Override
	public long maxCopySize() {
		return this.store.maxCopySize();
	}

	@Override
	public void ping() {
		around(Call.PING, NO_KEY, () -> {
			this.store.ping();
			return NO_KEY;
		});
	}

	private <T> T around(Call call, ObjectKey key, Supplier<T> real) {
		note(call, key);
		apply(Moment.BEFORE, call, key);
		T result = real.get();
		apply(Moment.AFTER, call, key);
		return result;
	}

	/** Except for what every start does. */
	private void note(Call call, ObjectKey key) {
		if (!key.equals(ObjectKey.IDENTITY)) {
			this.made.add(new Made(call, key));
		}
	}

	private void apply(Moment moment, Call call, ObjectKey key) {
		for (Rule rule : this.rules) {
			if (rule.moment() == moment && rule.call() == call) {
				rule.apply(key);
			}
		}
	}

	/** Before or after the real call. */
	public enum Moment {

		/** The real call is not made when this fails. */
		BEFORE,

		/** The real call was made, but its caller does not see the result. */
		AFTER

	}

	/** The methods of a store. */
	public enum Call {

		SIGN_PUT, SIGN_GET, PUT, FIND, OPEN_RANGE, OPEN, COPY, COMPOSE, APPEND, FINISH, DELETE, LIST, DELETE_UPLOADS,
		ABORT_UPLOADS, LIST_UPLOADS, PING

	}

	private record Made(Call call, ObjectKey key) {
	}

	/** For the {@code nth} call; 0 for all. */
	private record Rule(Moment moment, Call call, int nth, Consumer<ObjectKey> action, AtomicInteger seen) {

		void apply(ObjectKey key) {
			int number = this.seen.incrementAndGet();
			if (this.nth == 0 || this.nth == number) {
				this.action.accept(key);
			}
		}

	}

}
