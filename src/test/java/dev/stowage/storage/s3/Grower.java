package dev.stowage.storage.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

import dev.stowage.storage.Checksum;
import dev.stowage.storage.GrowingObject;
import dev.stowage.storage.GrowingObject.StoredPart;
import dev.stowage.storage.IncomingBytes;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectStore;
import dev.stowage.storage.ObjectTooLargeException;

/**
 * The owner of a growing object, who remembers what was reported and appends the rest.
 */
public class Grower implements GrowingObject.Log {

	static final long ANY = 1L << 34;

	private final Optional<ObjectStore> store;

	private final ObjectKey key;

	private final List<StoredPart> parts = new ArrayList<>();

	private final List<String> told = new ArrayList<>();

	private Optional<String> upload = Optional.empty();

	private Optional<ObjectKey> restKey = Optional.empty();

	private Checksum rest = Checksum.EMPTY;

	private int rests;

	private boolean end;

	/** Without a store. */
	public Grower(ObjectKey key) {
		this.store = Optional.empty();
		this.key = key;
	}

	Grower(ObjectStore store, ObjectKey key) {
		this.store = Optional.of(store);
		this.key = key;
	}

	ObjectKey key() {
		return this.key;
	}

	Optional<String> upload() {
		return this.upload;
	}

	List<StoredPart> parts() {
		return List.copyOf(this.parts);
	}

	Checksum rest() {
		return this.rest;
	}

	/** The names of the methods that were called, in order. */
	List<String> told() {
		return List.copyOf(this.told);
	}

	/** The checksum of all bytes that are known to be stored. */
	Checksum kept() {
		return inParts().then(this.rest);
	}

	private Checksum inParts() {
		return this.parts.stream().map(StoredPart::checksum).reduce(Checksum.EMPTY, Checksum::then);
	}

	GrowingObject object() {
		return new GrowingObject(this.key, this.upload, this.parts.size());
	}

	/** Appends what follows the kept bytes of these, up to an end. */
	void appendOf(byte[] all, int end) throws IOException, ObjectTooLargeException {
		int from = Math.toIntExact(kept().length());
		append(new ByteArrayInputStream(all, from, end - from), ANY);
	}

	/** Appends a stream after the rest. */
	void append(InputStream bytes, long limit) throws IOException, ObjectTooLargeException {
		append(this.store.orElseThrow(), bytes, limit);
	}

	/** The same by another instance. */
	public void append(ObjectStore its, InputStream bytes, long limit) throws IOException, ObjectTooLargeException {
		long before = this.rest.length();
		InputStream first = (before > 0) ? its.open(this.restKey.orElseThrow(), before, 0, before).orElseThrow()
				: InputStream.nullInputStream();
		its.append(object(), IncomingBytes.of(new SequenceInputStream(first, bytes), limit), this);
	}

	/** Says that the bytes of the next call are the last ones. */
	Grower ending() {
		this.end = true;
		return this;
	}

	/** Makes the object, if it was not put as a whole. */
	void finish() {
		finish(this.store.orElseThrow());
	}

	/** The same by another instance. */
	public void finish(ObjectStore its) {
		if (this.upload.isPresent()) {
			its.finish(object(), this.parts, inParts().length());
		}
	}

	/** Removes what only the owner knows. */
	void forget() {
		for (int number = 1; number <= this.rests; number++) {
			this.store.orElseThrow().delete(new ObjectKey(this.key + ".rest-" + number));
		}
		this.store.orElseThrow().abortUploads(this.key.value());
	}

	@Override
	public void begun(String id) {
		this.told.add("begun");
		this.upload = Optional.of(id);
	}

	@Override
	public void stored(List<StoredPart> more) {
		this.told.add("stored");
		this.parts.addAll(more);
		this.rest = Checksum.EMPTY;
	}

	@Override
	public boolean isEnd() {
		this.told.add("isEnd");
		return this.end;
	}

	@Override
	public ObjectKey nameRest() {
		this.told.add("nameRest");
		if (this.end) {
			return this.key;
		}
		this.rests++;
		this.restKey = Optional.of(new ObjectKey(this.key + ".rest-" + this.rests));
		return this.restKey.get();
	}

	@Override
	public void kept(Checksum bytes) {
		this.told.add("kept");
		this.rest = bytes;
	}

	/** The checksum of the first bytes of these. */
	static Checksum sumOf(byte[] all, long length) {
		CRC32C sum = new CRC32C();
		sum.update(Arrays.copyOf(all, Math.toIntExact(length)));
		return Checksum.of(length, sum);
	}

	/** Fails in one method from its n-th call on, or that of its n-th part. */
	static final class Failing extends Grower {

		private final String method;

		private int left;

		private boolean failing = true;

		Failing(ObjectStore store, ObjectKey key, String method, int nth) {
			super(store, key);
			this.method = method;
			this.left = nth;
		}

		void heal() {
			this.failing = false;
		}

		private void fail(String called) {
			if (this.failing && called.equals(this.method) && --this.left <= 0) {
				throw new ForgottenException();
			}
		}

		@Override
		public void begun(String id) {
			fail("begun");
			super.begun(id);
		}

		@Override
		public void stored(List<StoredPart> more) {
			for (StoredPart part : more) {
				fail("stored");
				super.stored(List.of(part));
			}
		}

		@Override
		public boolean isEnd() {
			fail("isEnd");
			return super.isEnd();
		}

		@Override
		public ObjectKey nameRest() {
			fail("nameRest");
			return super.nameRest();
		}

		@Override
		public void kept(Checksum bytes) {
			fail("kept");
			super.kept(bytes);
		}

	}

	/** What a failing log throws. */
	static final class ForgottenException extends RuntimeException {

	}

}
