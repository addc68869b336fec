package dev.stowage.storage;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps bytes under keys, in one bucket. An object is replaced or removed as a whole, and
 * a reader never sees a part of one.
 * <p>
 * Every method throws {@link ObjectStoreException} when the store cannot be reached or
 * refuses the call. After that, the call may or may not have taken effect. Sizes are
 * bytes. Implementations are safe for use by many threads. The behaviour stated here is
 * tested for each engine by {@code ObjectStoreContract}.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html">the
 * S3 operations</a>
 */
public interface ObjectStore {

	/**
	 * Signs one {@code PUT} of any bytes to the key, with any content type or none. Calls
	 * the store only until the safety of upload URLs is known.
	 * @return the request that the client may send. It is valid for less time than asked
	 * if the signing credentials end earlier
	 * @throws SignedUploadsOffException when the store would let the client do more than
	 * upload
	 */
	SignedRequest signPut(ObjectKey key, Duration validity);

	/**
	 * Signs one {@code PUT} of exactly that many bytes, otherwise like the other. The
	 * store refuses a body of another length, and one whose length is not sent.
	 * @param length in bytes
	 */
	SignedRequest signPut(ObjectKey key, Duration validity, long length);

	/**
	 * Signs a {@code GET} whose answer carries the given {@code Content-Type} and
	 * {@code Content-Disposition}. Makes no call to the store; the object need not exist.
	 * @return the request that the client may send. It is valid for less time than asked
	 * if the signing credentials end earlier
	 */
	SignedRequest signGet(ObjectKey key, Duration validity, String contentType, String contentDisposition);

	/**
	 * Streams bytes to the key, until the stream ends. The object appears with the
	 * return, never earlier, and never in part: on any failure the sent bytes are
	 * removed. Does not close the stream. An empty stream stores nothing.
	 * @return what was stored; {@link Checksum#EMPTY} when the stream was empty
	 * @throws IOException from the stream itself, as it was thrown there
	 * @throws ObjectTooLargeException as soon as the stream exceeds the limit
	 * @throws UploadStalledException when the client sends too slowly while others wait
	 * for the memory that its upload holds
	 */
	Checksum put(ObjectKey key, IncomingBytes bytes) throws IOException, ObjectTooLargeException;

	/** Stores bytes that do not come from a client, and returns their number. */
	default long put(ObjectKey key, InputStream bytes, long limit) throws IOException, ObjectTooLargeException {
		return put(key, IncomingBytes.of(bytes, limit)).length();
	}

	/** Describes the object under the key; empty if there is none. */
	Optional<ObjectInfo> find(ObjectKey key);

	/**
	 * Opens a range of the object. The caller closes the stream.
	 * @param size how many bytes the whole object must have
	 * @param offset the first byte, from 0
	 * @param length how many bytes, at least 1
	 * @return empty if there is no object under the key
	 * @throws ObjectDamagedException when the object has another size
	 */
	Optional<InputStream> open(ObjectKey key, long size, long offset, long length);

	/**
	 * Opens exactly the bytes that {@code find} described. The caller closes the stream.
	 * @return empty if they were replaced or removed since
	 */
	Optional<InputStream> open(ObjectInfo object);

	/**
	 * Copies exactly the bytes that {@code find} described to another key, inside the
	 * store. The source's content type, other headers and metadata are not copied.
	 * @return the copy; empty, with nothing copied, if the store says that the bytes were
	 * replaced or removed since. Some engines do not check this, and some give the copy a
	 * new tag: if the tags differ, the caller must verify the copy
	 */
	Optional<ObjectInfo> copy(ObjectInfo source, ObjectKey target);

	/**
	 * Makes a new object of ranges of others, inside the store where it can: only what is
	 * too small for a part of its own passes this server, with bounded memory. The object
	 * appears with the return, never earlier and never in part: on any failure nothing
	 * remains under the target. No content type, header or metadata of a source is kept.
	 * May be repeated after a failure.
	 * <p>
	 * A range with a tag is exactly the bytes that {@code find} described. Where an
	 * engine ignores the condition, each such source is compared after it was copied.
	 * There, a source that was replaced and restored in the meantime is not noticed, so
	 * the caller must verify the object if its owner can do that.
	 * @param sources at least one, in the order of the bytes
	 * @param target a key without an object
	 * @param sender any name of the uploader, as for {@link IncomingBytes}
	 * @param progress is called before each call to the store, by several threads but
	 * never by two at the same time. What it throws ends the composition, and is thrown
	 * once the calls that run have ended
	 * @return what was composed; empty, with nothing composed, if a source is missing or
	 * was replaced
	 * @throws IllegalArgumentException before any call, if there is no source, or if the
	 * 10,000 parts of one object do not suffice for these
	 * @throws ObjectDamagedException when a source without a tag has another size
	 */
	Optional<ObjectInfo> compose(List<ObjectRange> sources, ObjectKey target, String sender, Runnable progress);

	/**
	 * Appends bytes to an object that {@link #finish} will make, until the stream ends.
	 * They become parts of one multipart upload as they come, so the end of the object
	 * moves no bytes. Does not close the stream. What is too small for a part when the
	 * stream ends is written under a key of its own; the next call must send it again,
	 * before its own bytes.
	 * <p>
	 * After a failure, all that was reported to the log is stored. Other parts may be in
	 * the store, and are replaced when bytes are appended again. Two calls for one object
	 * must not run at the same time.
	 * @param bytes the limit counts what this call may append
	 * @throws IOException from the stream itself, as it was thrown there
	 * @throws ObjectTooLargeException as soon as the stream exceeds the limit
	 * @throws UploadStalledException after the bytes that came were kept, when the client
	 * sends too slowly while others wait for the memory that its upload holds
	 * @throws ObjectDamagedException when the store no longer has the upload
	 */
	void append(GrowingObject object, IncomingBytes bytes, GrowingObject.Log log)
			throws IOException, ObjectTooLargeException;

	/**
	 * Makes an object of all parts that were appended. May be repeated: returns if the
	 * object already exists with that size.
	 * @param object with its upload
	 * @param parts all of them, in order
	 * @param size of all parts together
	 * @throws ObjectDamagedException when the store no longer has the upload or one of
	 * these parts, or insists on parts after them that were never reported
	 */
	void finish(GrowingObject object, List<GrowingObject.StoredPart> parts, long size);

	/** Removes the object. A missing object is not an error. */
	void delete(ObjectKey key);

	/**
	 * Removes objects, many at a time if the engine can. A missing object is not an
	 * error.
	 * @return the objects that the store refused to remove, each with its reason; all
	 * others are removed
	 * @throws ObjectStoreException when the store fails; any of the objects may then be
	 * removed
	 */
	Map<ObjectKey, String> deleteAll(List<ObjectKey> keys);

	/**
	 * Lists the objects whose keys start with a prefix, in the order of their keys, a
	 * page at a time. Objects that are written or removed during the listing may or may
	 * not appear.
	 * @param after the key after which to begin, which need not exist; empty: at the
	 * start
	 * @param limit the most objects to return, from 1 to 1,000
	 */
	ObjectPage list(String prefix, Optional<String> after, int limit);

	/**
	 * Removes everything that uploads created under the key: the object, and every
	 * multipart upload that is still open. An upload stays open if it never ended, or if
	 * the store's first answer was lost and it was created twice. A missing object is not
	 * an error.
	 */
	void deleteUploads(ObjectKey key);

	/**
	 * Aborts every multipart upload that is open under a key with the prefix. Removes no
	 * object. An upload that another instance has ended in the meantime is not an error.
	 */
	void abortUploads(String prefix);

	/**
	 * Finds every multipart upload that is open under a key with the prefix. Uploads that
	 * begin or end during the listing may or may not appear.
	 * @param action is called for each, and may abort it
	 */
	void forEachUpload(String prefix, Consumer<OpenUpload> action);

	/** Aborts one multipart upload. One that has ended is not an error. */
	void abort(OpenUpload upload);

	/** The largest object that {@code put} can store. It grows with the heap. */
	long maxSize();

	/**
	 * The largest object that {@code append} can make, however many calls append to it.
	 * It grows with the heap.
	 */
	long maxAppendedSize();

	/** The largest object that {@code copy} can copy. */
	long maxCopySize();

	/** Returns if the bucket exists and accepts this server's calls. */
	void ping();

	/**
	 * A multipart upload that has begun and not ended.
	 *
	 * @param key the store's text, which need not be a valid {@link ObjectKey}
	 * @param id the engine's name for it
	 * @param begun when it began, by the store's clock
	 */
	record OpenUpload(String key, String id, Instant begun) {
	}

}
