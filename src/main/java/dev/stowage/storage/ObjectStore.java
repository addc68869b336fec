package dev.stowage.storage;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps bytes under keys, in one bucket. An object is replaced or removed as a whole, and
 * a reader never sees half of one.
 * <p>
 * Every method throws {@link ObjectStoreException} when the store cannot be reached or
 * refuses; after that, what was asked may or may not have happened. Sizes are bytes.
 * Implementations are safe for use by many threads. The behaviour stated here is tested
 * for each engine by {@code ObjectStoreContract}.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html">the
 * S3 operations</a>
 */
public interface ObjectStore {

	/**
	 * Signs one {@code PUT} of any bytes to the key, with any content type or none. Calls
	 * the store only until it is known whether it is safe to do so.
	 * @return what the client may send, whose validity is shorter than was asked where
	 * the credentials that sign end earlier
	 * @throws SignedUploadsOffException when the store would let the client do more than
	 * that
	 */
	SignedRequest signPut(ObjectKey key, Duration validity);

	/**
	 * Signs a {@code GET} whose answer carries the given {@code Content-Type} and
	 * {@code Content-Disposition}. Makes no call to the store; the object need not exist.
	 * @return what the client may send, whose validity is shorter than was asked where
	 * the credentials that sign end earlier
	 */
	SignedRequest signGet(ObjectKey key, Duration validity, String contentType, String contentDisposition);

	/**
	 * Streams bytes to the key, until the stream ends. The object appears with the
	 * return, never earlier, and never in part: on any failure what was sent is taken
	 * back. Does not close the stream. An empty stream stores nothing.
	 * @return what was stored; {@link Checksum#EMPTY} when the stream was empty
	 * @throws IOException from the stream itself, as it was thrown there
	 * @throws ObjectTooLargeException as soon as the stream exceeds the limit
	 * @throws UploadStalledException when the client sends so slowly that it is not
	 * waited for any longer, because others wait for the memory that it holds
	 */
	Checksum put(ObjectKey key, IncomingBytes bytes) throws IOException, ObjectTooLargeException;

	/** Stores bytes for which no client is waited, and says how many they were. */
	default long put(ObjectKey key, InputStream bytes, long limit) throws IOException, ObjectTooLargeException {
		return put(key, IncomingBytes.of(bytes, limit)).length();
	}

	/** What lies under the key now; empty when nothing does. */
	Optional<ObjectInfo> find(ObjectKey key);

	/**
	 * Opens a range of the object, to be closed by the caller.
	 * @param size how many bytes the whole object must have
	 * @param offset the first byte, from 0
	 * @param length how many bytes, at least 1
	 * @return empty when nothing lies under the key
	 * @throws ObjectDamagedException when the object has another size
	 */
	Optional<InputStream> open(ObjectKey key, long size, long offset, long length);

	/**
	 * Opens exactly the bytes that {@code find} described, to be closed by the caller.
	 * @return empty when they were replaced or removed since
	 */
	Optional<InputStream> open(ObjectInfo object);

	/**
	 * Copies exactly the bytes that {@code find} described to another key, inside the
	 * store, and nothing that was set on the source beside them: neither its type nor
	 * other headers or metadata.
	 * @return the copy, whose tag some engines make anew; empty, and nothing copied, when
	 * the store says that they were replaced or removed since. Some engines do not check:
	 * where the copy's tag differs from the source's, look before trusting it
	 */
	Optional<ObjectInfo> copy(ObjectInfo source, ObjectKey target);

	/** Removes the object. Nothing there is no error. */
	void delete(ObjectKey key);

	/**
	 * Removes objects, many at a time where the engine can. Nothing there is no error.
	 * @return the objects that the store refused to remove, each with its reason; all
	 * others are gone
	 * @throws ObjectStoreException when the store fails; any of the objects may then be
	 * gone
	 */
	Map<ObjectKey, String> deleteAll(List<ObjectKey> keys);

	/**
	 * Lists the objects whose keys start with a prefix, in the order of their keys, a
	 * page at a time. What is written or removed meanwhile may be missing or listed.
	 * @param after the key behind which to begin, which need not exist; empty: at the
	 * start
	 * @param limit the most objects to return, from 1 to 1,000
	 */
	ObjectPage list(String prefix, Optional<String> after, int limit);

	/**
	 * Removes all that uploads brought under the key: the object, and every multipart
	 * upload that is still open, because it never ended or because its store's first
	 * answer was lost and it began twice. Nothing there is no error.
	 */
	void deleteUploads(ObjectKey key);

	/** The largest object that {@code put} can store, which grows with the heap. */
	long maxSize();

	/** The largest object that {@code copy} can copy. */
	long maxCopySize();

	/** Returns when the bucket is there and answers us. */
	void ping();

}
