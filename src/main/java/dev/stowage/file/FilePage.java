package dev.stowage.file;

import java.util.List;

/** One page of a listing, and whether more files follow it. */
public record FilePage(List<StoredFile> files, boolean hasMore) {

	public FilePage {
		files = List.copyOf(files);
	}

}
