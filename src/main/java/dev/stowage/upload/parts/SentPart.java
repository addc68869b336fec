package dev.stowage.upload.parts;

/**
 * What a client says of a part that it sent to a signed URL.
 *
 * @param number from 1
 * @param etag that the store answered, with or without quotes
 */
public record SentPart(long number, String etag) {

	String tag() {
		return this.etag.replace("\"", "");
	}

}
