package dev.stowage.storage.s3;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.stowage.storage.ObjectDamagedException;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectPage;
import dev.stowage.storage.ObjectStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What every implementation of {@link ObjectStore} must do. */
public abstract class ObjectStoreContract extends AppendContract {

	@Test
	void answersPing() {
		assertThatCode(store()::ping).doesNotThrowAnyException();
	}

	@Test
	void findsAndOpensNothingUnderUnusedKey() {
		assertThat(store().find(key())).isEmpty();
		assertThat(store().open(key(), 1, 0, 1)).isEmpty();
		assertThat(store().open(new ObjectInfo(key(), 1, "d41d8cd98f00b204e9800998ecf8427e"))).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "0, 1", "0, 10000", "1, 9999", "4000, 1", "4000, 2000", "9999, 1" })
	void opensRange(int offset, int length) throws Exception {
		put(key(), Samples.bytes(10_000));
		try (InputStream range = store().open(key(), 10_000, offset, length).orElseThrow()) {
			assertThat(range.readAllBytes())
				.isEqualTo(Arrays.copyOfRange(Samples.bytes(10_000), offset, offset + length));
		}
	}

	@Test
	void opensRangeAcrossParts() throws Exception {
		put(key(), Samples.bytes(THREE_PARTS));
		try (InputStream range = store().open(key(), THREE_PARTS, Samples.BUFFER - 100, 200).orElseThrow()) {
			assertThat(range.readAllBytes())
				.isEqualTo(Arrays.copyOfRange(Samples.bytes(THREE_PARTS), Samples.BUFFER - 100, Samples.BUFFER + 100));
		}
	}

	@ParameterizedTest
	@CsvSource({ "999, 0, 999", "1001, 0, 1001", "999, 0, 1", "1001, 0, 1", "2000, 500, 10", "2000, 1000, 1",
			"2000, 1999, 1" })
	void doesNotOpenAnObjectOfAnotherSize(int size, int offset, int length) throws Exception {
		put(key(), Samples.bytes(1_000));
		assertThatExceptionOfType(ObjectDamagedException.class)
			.isThrownBy(() -> store().open(key(), size, offset, length))
			.withMessageContaining(key().value());
	}

	@Test
	void opensWhatWasFound() throws Exception {
		put(key(), Samples.bytes(THREE_PARTS));
		ObjectInfo found = store().find(key()).orElseThrow();
		try (InputStream bytes = store().open(found).orElseThrow()) {
			assertThat(bytes.readAllBytes()).isEqualTo(Samples.bytes(THREE_PARTS));
		}
	}

	@Test
	void doesNotOpenWhatWasReplacedSince() throws Exception {
		put(key(), new byte[] { 1, 2, 3 });
		ObjectInfo found = store().find(key()).orElseThrow();
		put(key(), new byte[] { 1, 2, 4 });
		assertThat(store().open(found)).isEmpty();
	}

	@Test
	void doesNotOpenWhatWasRemovedSince() throws Exception {
		put(key(), Samples.bytes(3));
		ObjectInfo found = store().find(key()).orElseThrow();
		store().delete(key());
		assertThat(store().open(found)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, THREE_PARTS })
	void copiesWhatWasFound(int size) throws Exception {
		put(key(), Samples.bytes(size));
		ObjectInfo source = store().find(key()).orElseThrow();
		ObjectKey target = Samples.newKey();
		ObjectInfo copy = store().copy(source, target).orElseThrow();
		assertThat(copy.key()).isEqualTo(target);
		assertThat(copy.size()).isEqualTo(size);
		assertThat(Optional.of(copy)).isEqualTo(store().find(target));
		assertHolds(target, Samples.bytes(size));
		assertHolds(key(), Samples.bytes(size));
	}

	@Test
	void tellsWhenAnotherObjectWouldBeCopied() throws Exception {
		put(key(), new byte[] { 1, 2, 3 });
		ObjectInfo source = store().find(key()).orElseThrow();
		put(key(), new byte[] { 1, 2, 4 });
		ObjectKey target = Samples.newKey();
		Optional<ObjectInfo> copy = store().copy(source, target);
		if (copy.isEmpty()) {
			assertThat(store().find(target)).isEmpty();
		}
		else {
			assertThat(copy.get().etag()).isNotEqualTo(source.etag());
		}
	}

	@Test
	void copiesNothingWhenTheSourceWasRemoved() throws Exception {
		put(key(), Samples.bytes(3));
		ObjectInfo source = store().find(key()).orElseThrow();
		store().delete(key());
		ObjectKey target = Samples.newKey();
		assertThat(store().copy(source, target)).isEmpty();
		assertThat(store().find(target)).isEmpty();
	}

	@Test
	void deletesTheObject() throws Exception {
		put(key(), Samples.bytes(3));
		store().delete(key());
		assertNothingIsLeft();
	}

	@Test
	void deletingNothingIsNoError() {
		assertThatCode(() -> store().delete(key())).doesNotThrowAnyException();
		assertThatCode(() -> store().deleteUploads(key())).doesNotThrowAnyException();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 260 })
	void deletesManyThoughSomeAreMissing(int count) throws Exception {
		List<ObjectKey> keys = Stream.generate(Samples::newKey).limit(count).toList();
		for (ObjectKey key : keys.subList(0, count - 1)) {
			put(key, Samples.bytes(1));
		}
		put(key(), Samples.bytes(2));
		assertThat(store().deleteAll(keys)).isEmpty();
		assertThat(keys).allSatisfy((key) -> assertThat(store().find(key)).isEmpty());
		assertHolds(key(), Samples.bytes(2));
		assertThat(store().deleteAll(keys)).isEmpty();
		assertThat(store().deleteAll(List.of())).isEmpty();
	}

	@Test
	void listsOnePrefixPageByPageInTheOrderOfKeys() throws Exception {
		String prefix = key() + "/";
		List<String> keys = Stream.of("a", "b", "b-1", "b.2", "c").map((name) -> prefix + name).toList();
		for (String key : keys.reversed()) {
			put(new ObjectKey(key), Samples.bytes(3));
		}
		put(new ObjectKey(key() + "-other"), Samples.bytes(3));
		List<String> listed = new ArrayList<>();
		Optional<String> after = Optional.empty();
		do {
			ObjectPage page = store().list(prefix, after, 2);
			assertThat(page.objects()).hasSizeLessThanOrEqualTo(2)
				.allSatisfy((object) -> assertThat(object.size()).isEqualTo(3))
				.allSatisfy((object) -> assertThat(Duration.between(object.modified(), Instant.now()).abs())
					.isLessThan(Duration.ofMinutes(5)));
			page.objects().forEach((object) -> listed.add(object.key()));
			after = page.next();
		}
		while (after.isPresent());
		assertThat(listed).isEqualTo(keys.stream().sorted().toList());
		assertThat(store().list(prefix, Optional.of(prefix + "b0"), 10).objects()).extracting(ObjectPage.Listed::key)
			.containsExactly(prefix + "c");
		assertThat(store().list(prefix + "none", Optional.empty(), 10))
			.isEqualTo(new ObjectPage(List.of(), Optional.empty()));
		store().deleteAll(keys.stream().map(ObjectKey::new).toList());
		store().delete(new ObjectKey(key() + "-other"));
	}

	@Test
	void deletesWhatUnfinishedUploadLeftAndNothingOfItsNeighbours() throws Exception {
		ObjectKey neighbour = new ObjectKey(key() + ".1");
		openUpload(key());
		openUpload(key());
		openUpload(neighbour);
		put(key(), Samples.bytes(10));
		put(neighbour, Samples.bytes(11));
		store().deleteUploads(key());
		assertThat(store().find(key())).isEmpty();
		assertThat(openUploads(key())).containsExactly(neighbour.value());
		assertHolds(neighbour, Samples.bytes(11));
		store().deleteUploads(neighbour);
		assertThat(openUploads(key())).isEmpty();
	}

	@Test
	void abortsUploadsOfOnePrefix() throws Exception {
		ObjectKey first = new ObjectKey(key() + "/a");
		ObjectKey second = new ObjectKey(key() + "/b");
		ObjectKey neighbour = new ObjectKey(key() + "-other");
		Stream.of(first, first, second, neighbour).forEach(this::openUpload);
		put(first, Samples.bytes(10));
		store().abortUploads(key() + "/");
		assertThat(openUploads(key())).containsExactly(neighbour.value());
		assertHolds(first, Samples.bytes(10));
		store().abortUploads(key() + "/");
		store().abortUploads(key().value());
		assertThat(openUploads(key())).isEmpty();
		store().delete(first);
	}

	@Test
	void abortsMoreUploadsThanOneAnswerNames() {
		IntStream.range(0, 260).parallel().forEach((i) -> openUpload(new ObjectKey(key() + "/" + i % 150)));
		assertThat(openUploads(key())).hasSize(260);
		store().abortUploads(key() + "/");
		assertThat(openUploads(key())).isEmpty();
	}

	@Test
	void findsOpenUploadsAndAbortsOne() {
		ObjectKey first = new ObjectKey(key() + "/a");
		ObjectKey second = new ObjectKey(key() + "/b");
		Stream.of(first, second, second, new ObjectKey(key() + "-other")).forEach(this::openUpload);
		List<ObjectStore.OpenUpload> found = new ArrayList<>();
		store().forEachUpload(key() + "/", found::add);
		assertThat(found).extracting(ObjectStore.OpenUpload::key)
			.containsExactlyInAnyOrder(first.value(), second.value(), second.value());
		assertThat(found).allSatisfy((upload) -> assertThat(Duration.between(upload.begun(), Instant.now()).abs())
			.isLessThan(Duration.ofMinutes(5)));
		ObjectStore.OpenUpload one = found.getLast();
		store().abort(one);
		store().abort(one);
		List<String> left = new ArrayList<>();
		store().forEachUpload(key() + "/", (upload) -> left.add(upload.id()));
		assertThat(left).hasSize(2).doesNotContain(one.id());
		store().abortUploads(key().value());
	}

	@Test
	void holdsAnyFileThatS3Can() {
		assertThat(store().maxSize()).isGreaterThanOrEqualTo(10_000L * Samples.BUFFER);
	}

}
