package dev.stowage.api;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.stowage.file.FilePage;
import org.jspecify.annotations.Nullable;

/** One page of file objects. */
record FileList(String object, List<FileResource> data, @JsonProperty("has_more") boolean hasMore,
		@JsonProperty("first_id") @Nullable String firstId, @JsonProperty("last_id") @Nullable String lastId) {

	static FileList of(FilePage page) {
		List<FileResource> data = page.files().stream().map(FileResource::of).toList();
		return new FileList("list", data, page.hasMore(), data.isEmpty() ? null : data.getFirst().id(),
				data.isEmpty() ? null : data.getLast().id());
	}

}
