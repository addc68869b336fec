package dev.stowage.upload.append;

import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.file.FileId;
import dev.stowage.file.ObjectKeys;
import dev.stowage.storage.Checksum;
import dev.stowage.storage.GrowingObject;
import dev.stowage.storage.ObjectKey;

/**
 * What is kept of an upload.
 *
 * @param length how many bytes the file will have; empty until a client has said so
 * @param key of the object that grows
 * @param storeUpload the engine's id of its multipart upload, once it has begun
 * @param parts how many parts that has
 * @param stored the bytes in them
 * @param rest the number of the request that left an object behind them; 0: none did
 * @param restBytes the bytes in that object
 * @param removed up to which request nothing is left but that object
 * @param digest what its client has sent for the whole file
 */
record Kept(OptionalLong length, ObjectKey key, Optional<String> storeUpload, int parts, Checksum stored, int rest,
		Checksum restBytes, int removed, Optional<WholeDigest> digest) {

	long offset() {
		return this.stored.length() + this.restBytes.length();
	}

	boolean hasRest() {
		return this.rest > 0;
	}

	ObjectKey restKey(FileId id) {
		return ObjectKeys.part(id, this.rest);
	}

	GrowingObject object() {
		return new GrowingObject(this.key, this.storeUpload, this.parts);
	}

}
