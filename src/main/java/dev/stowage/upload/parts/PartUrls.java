package dev.stowage.upload.parts;

import java.util.List;

import dev.stowage.file.StoredFile;
import dev.stowage.storage.SignedRequest;

/**
 * Permission to send some parts of a file directly to the store.
 *
 * @param hasMore whether the file has further parts
 */
public record PartUrls(StoredFile file, List<PartUrl> urls, boolean hasMore) {

	/**
	 * Permission to send one part.
	 *
	 * @param number from 1
	 * @param put takes exactly that many bytes
	 */
	public record PartUrl(int number, SignedRequest put, long bytes) {
	}

}
