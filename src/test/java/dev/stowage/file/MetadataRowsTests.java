package dev.stowage.file;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.stowage.owner.Owner;
import dev.stowage.support.WithRows;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Files by what their clients said of them, on each database. */
class MetadataRowsTests extends WithRows {

	private static final String CHARACTER = "\ud83d\ude00";

	@Test
	void showsWhatWasSaid() {
		StoredFile file = saying(ALICE, "{\"a\":\"1\"}");
		assertThat(this.files.find(ALICE, file.id(), NOW)).contains(file);
		assertThat(list(ALICE, NOW)).containsExactly(file);
		StoredFile none = available(ALICE, Purpose.EVALS);
		assertThat(list(ALICE, NOW)).containsExactly(none, file);
		assertThat(none.metadata()).isEmpty();
	}

	@Test
	void findsTheLongestPairs() {
		String key = CHARACTER.repeat(64);
		String value = CHARACTER.repeat(512);
		Owner owner = new Owner("o".repeat(64));
		StoredFile file = saying(owner, "{\"" + key + "\":\"" + value + "\"}");
		assertThat(list(owner, Map.of(key, value), 10, true)).containsExactly(file);
		assertThat(list(owner, Map.of(key, value.substring(2)), 10, true)).isEmpty();
	}

	@Test
	void listsInTheOrderOfAllListsAndFromACursor() {
		List<StoredFile> common = new ArrayList<>();
		List<StoredFile> rare = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			boolean isRare = i % 7 == 0;
			common.add(saying(ALICE, isRare ? "{\"all\":\"x\",\"some\":\"y\"}" : "{\"all\":\"x\"}"));
			if (isRare) {
				rare.add(common.getLast());
			}
			saying(BOB, "{\"all\":\"x\"}");
			available(ALICE, Purpose.VISION);
		}
		assertThat(list(ALICE, Map.of("all", "x"), 100, false)).isEqualTo(common);
		assertThat(list(ALICE, Map.of("all", "x"), 100, true)).isEqualTo(common.reversed());
		assertThat(list(ALICE, Map.of("all", "x", "some", "y"), 100, false)).isEqualTo(rare);
		assertThat(list(ALICE, Map.of("all", "x", "some", "z"), 100, false)).isEmpty();
		assertThat(page(Map.of("all", "x"), Optional.of(common.get(4).id()), 3, false).files())
			.isEqualTo(common.subList(5, 8));
		assertThat(page(Map.of("all", "x"), Optional.of(common.get(4).id()), 3, true).files())
			.isEqualTo(common.subList(1, 4).reversed());
	}

	@Test
	void endsWithTheFileWhicheverVersionEndsIt() {
		StoredFile deleted = saying(ALICE, "{\"a\":\"1\",\"b\":\"2\"}");
		StoredFile removed = saying(ALICE, "{\"a\":\"1\",\"b\":\"2\"}");
		StoredFile left = saying(ALICE, "{\"a\":\"1\"}");
		assertThat(pairs()).isEqualTo(5);
		assertThat(this.files.delete(ALICE, deleted.id(), NOW)).isTrue();
		assertThat(pairs()).isEqualTo(3);
		this.database.jdbc().sql("DELETE FROM file WHERE id = :id").param("id", removed.id().value()).update();
		assertThat(list(ALICE, Map.of("a", "1"), 10, true)).containsExactly(left);
		assertThat(pairs()).isOne();
		this.database.jdbc().sql("DELETE FROM file").update();
		assertThat(pairs()).isZero();
	}

	@Test
	void beginsWithTheFileWhicheverVersionCompletesIt() {
		StoredFile pending = pendingPresigned(ALICE, Optional.empty());
		this.database.jdbc().sql("UPDATE file SET pairs = '{\"a\":\"1\"}'").update();
		assertThat(pairs()).isZero();
		this.database.jdbc()
			.sql("UPDATE file SET status = 'AVAILABLE', bytes = 1 WHERE id = :id")
			.param("id", pending.id().value())
			.update();
		assertThat(list(ALICE, Map.of("a", "1"), 10, true)).extracting(StoredFile::id).containsExactly(pending.id());
	}

	@Test
	void leavesOutWhatHasExpired() {
		StoredFile brief = saying(nextId(), ALICE, "{\"a\":\"1\"}", Optional.of(LATER));
		StoredFile lasting = saying(ALICE, "{\"a\":\"1\"}");
		FileQuery query = new FileQuery(Optional.empty(), Optional.empty(), 1, false, Map.of("a", "1"));
		assertThat(this.files.page(ALICE, query, NOW)).isEqualTo(new FilePage(List.of(brief), true));
		assertThat(this.files.page(ALICE, query, LATER)).isEqualTo(new FilePage(List.of(lasting), false));
	}

	/** Otherwise a page of it would hold megabytes. */
	@Test
	void endsAPageEarlyWhereMetadataIsLong() {
		String value = "v".repeat(512);
		StringBuilder object = new StringBuilder("{");
		for (int i = 0; i < 16; i++) {
			object.append((i > 0) ? "," : "").append("\"k").append(i).append("\":\"").append(value).append('"');
		}
		List<StoredFile> all = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			all.add(saying(ALICE, object + "}"));
		}
		List<StoredFile> seen = new ArrayList<>();
		FilePage page = page(Map.of(), Optional.empty(), 100, false);
		while (page.hasMore()) {
			assertThat(page.files()).hasSize(7);
			seen.addAll(page.files());
			page = page(Map.of(), Optional.of(seen.getLast().id()), 100, false);
		}
		seen.addAll(page.files());
		assertThat(seen).isEqualTo(all);
	}

	private StoredFile saying(Owner owner, String metadata) {
		return saying(nextId(), owner, metadata, Optional.empty());
	}

	private StoredFile saying(FileId id, Owner owner, String metadata, Optional<Instant> expiresAt) {
		StoredFile file = file(id, owner, Purpose.EVALS, expiresAt).with(Optional.of(metadata));
		this.uploads.addMultipart(id, owner, NOW, file.key(), LATER);
		assertThat(this.uploads.completeMultipart(file)).isTrue();
		return file;
	}

	private List<StoredFile> list(Owner owner, Map<String, String> metadata, int limit, boolean newestFirst) {
		return this.files
			.page(owner, new FileQuery(Optional.empty(), Optional.empty(), limit, newestFirst, metadata), NOW)
			.files();
	}

	private FilePage page(Map<String, String> metadata, Optional<FileId> after, int limit, boolean newestFirst) {
		return this.files.page(ALICE, new FileQuery(Optional.empty(), after, limit, newestFirst, metadata), NOW);
	}

	private long pairs() {
		return this.database.jdbc().sql("SELECT count(*) FROM file_pair").query(Long.class).single();
	}

}
