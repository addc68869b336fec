package dev.stowage.api.files;

import java.net.URI;

import dev.stowage.upload.parts.PartUrls;

/** Where to PUT the bytes of one part, and how many. */
record PartUrlResource(int number, URI url, long bytes) {

	static PartUrlResource of(PartUrls.PartUrl part) {
		return new PartUrlResource(part.number(), part.put().url(), part.bytes());
	}

	@Override
	public String toString() {
		return "PartUrlResource[" + this.number + "]";
	}

}
