package dev.stowage.api.files;

import java.net.URI;

import dev.stowage.storage.SignedRequest;

/** Where to GET a file's bytes without a key. */
record UrlResource(URI url) {

	static UrlResource of(SignedRequest get) {
		return new UrlResource(get.url());
	}

	@Override
	public String toString() {
		return "UrlResource[…]";
	}

}
