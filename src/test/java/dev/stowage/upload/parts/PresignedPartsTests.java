package dev.stowage.upload.parts;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.stowage.file.FileException;
import dev.stowage.file.FileStatus;
import dev.stowage.file.ObjectKeys;
import dev.stowage.file.Purpose;
import dev.stowage.file.StoredFile;
import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.FailingObjectStore.Moment;
import dev.stowage.storage.ObjectStoreException;
import dev.stowage.support.InFileWorld;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static dev.stowage.support.FileWorld.ALICE;
import static dev.stowage.support.FileWorld.BOB;
import static dev.stowage.support.FileWorld.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Files whose parts go directly to the store. */
class PresignedPartsTests extends InFileWorld {

	private static final int MIB = 1 << 20;

	@Test
	void makesOneFileOfPartsThatWereSentInAnyOrder() throws IOException {
		byte[] json = json(33 * MIB);
		PartUrls grant = grant(json.length);
		assertThat(grant.urls()).extracting(PartUrls.PartUrl::number).containsExactly(1, 2, 3);
		assertThat(grant.urls()).extracting(PartUrls.PartUrl::bytes).containsOnly(11L * MIB);
		List<SentPart> sent = send(grant, json);
		assertThat(this.world.files.get(ALICE, grant.file().id()).status()).isEqualTo(FileStatus.PENDING);
		StoredFile file = complete(grant, sent.reversed());
		assertThat(this.world.store.senders()).containsExactly(ALICE.name());
		assertThat(file.bytes()).isEqualTo(json.length);
		assertThat(this.world.served(file)).isEqualTo(json);
		assertThatExceptionOfType(FileException.AlreadyCompleted.class).isThrownBy(() -> complete(grant, sent));
		this.world.sweeper.sweep();
		this.world.requireObjects(file.key());
		this.world.requireNothingButListed();
	}

	@Test
	void cutsSmallFilesIntoOnePartAndLargeOnesIntoTenThousand() {
		assertThat(PartLayout.of(1)).isEqualTo(new PartLayout(1, 1));
		assertThat(PartLayout.of(16L * MIB)).isEqualTo(new PartLayout(16L * MIB, 1));
		PartLayout two = PartLayout.of(16L * MIB + 1);
		assertThat(two.count()).isEqualTo(2);
		assertThat(two.size(1)).isEqualTo(8L * MIB + 1);
		assertThat(two.size(2)).isEqualTo(8L * MIB);
		for (long bytes : new long[] { (5L << 40), (5L << 40) - 1, 10_000L * 16 * MIB + 1, 123_456_789_012L }) {
			PartLayout layout = PartLayout.of(bytes);
			assertThat(layout.count()).isLessThanOrEqualTo(10_000);
			assertThat(layout.size(1)).isBetween(8L * MIB, 5L << 30);
			assertThat(layout.size(layout.count())).isBetween(1L, layout.size(1));
			assertThat((layout.count() - 1) * layout.size(1) + layout.size(layout.count())).isEqualTo(bytes);
		}
	}

	@Test
	void signsUrlsAHundredAtATimeAndKeepsTheFileWhileItsClientAsks() {
		PartUrls grant = grant(150L * 16 * MIB);
		assertThat(grant.urls()).hasSize(100);
		assertThat(grant.hasMore()).isTrue();
		for (int hour = 0; hour < 5; hour++) {
			this.world.clock.move(Duration.ofHours(1));
			this.world.sweeper.sweep();
			PartUrls more = this.world.presignedParts.urls(ALICE, grant.file().id(), 101);
			assertThat(more.urls()).hasSize(50).first().extracting(PartUrls.PartUrl::number).isEqualTo(101);
			assertThat(more.hasMore()).isFalse();
		}
		assertThatExceptionOfType(FileException.InvalidParameter.class)
			.isThrownBy(() -> this.world.presignedParts.urls(ALICE, grant.file().id(), 151))
			.withMessage("The file has 150 parts.");
		assertThatExceptionOfType(FileException.NotFound.class)
			.isThrownBy(() -> this.world.presignedParts.urls(BOB, grant.file().id(), 1));
		this.world.clock.move(Duration.ofMinutes(70));
		this.world.sweeper.sweep();
		assertThatExceptionOfType(FileException.NotFound.class)
			.isThrownBy(() -> this.world.presignedParts.urls(ALICE, grant.file().id(), 1));
		this.world.requireNothingButListed();
	}

	@Test
	void namesThePartThatIsMissingOrWrong() throws IOException {
		byte[] json = json(17 * MIB);
		PartUrls grant = grant(json.length);
		List<SentPart> sent = send(grant, json);
		SentPart one = sent.get(0);
		SentPart two = sent.get(1);
		requireRefused(grant, List.of(one), "'parts' does not name part 2.");
		requireRefused(grant, List.of(one, one, two), "'parts' names part 1 twice.");
		requireRefused(grant, List.of(one, two, new SentPart(3, "x")), "The file has the parts 1 to 2, and no part 3.");
		requireRefused(grant, List.of(new SentPart(0, "x")), "The file has the parts 1 to 2, and no part 0.");
		requireRefused(grant, List.of(one, new SentPart(2, "x")),
				"Part 2 does not have the ETag that 'parts' names. Name the one of its last PUT, or PUT it again.");
		this.world.store.delete(ObjectKeys.part(grant.file().id(), 2));
		requireRefused(grant, sent, "Part 2 was not uploaded. PUT it to its URL, then complete again.");
		this.world.send(grant.urls().get(1).put(), Arrays.copyOfRange(json, json.length / 2, json.length));
		assertThat(this.world.served(complete(grant, sent))).isEqualTo(json);
		this.world.requireNothingButListed();
	}

	private void requireRefused(PartUrls grant, List<SentPart> sent, String message) {
		assertThatExceptionOfType(FileException.InvalidParameter.class).isThrownBy(() -> complete(grant, sent))
			.withMessage(message)
			.matches((ex) -> ex.parameter().equals("parts"));
	}

	@Test
	void refusesBytesThatAreNoJsonOnceAndTakesOthersAfterwards() throws IOException {
		byte[] json = json(17 * MIB);
		byte[] broken = json.clone();
		broken[0] = '!';
		PartUrls grant = grant(json.length);
		List<SentPart> sent = send(grant, broken);
		for (int time = 0; time < 2; time++) {
			this.world.store.heal();
			assertThatExceptionOfType(FileException.NotJson.class).isThrownBy(() -> complete(grant, sent))
				.withMessageStartingWith("The file is not valid JSON: ");
			assertThat(this.world.store.calls(Call.COMPOSE)).hasSize(1 - time);
		}
		assertThat(this.world.served(complete(grant, send(grant, json)))).isEqualTo(json);
		this.world.requireNothingButListed();
	}

	@Test
	void servesWhatWasVerifiedThoughAPartIsReplacedMeanwhile() throws IOException {
		byte[] json = json(17 * MIB);
		byte[] other = json.clone();
		other[5] = 'y';
		PartUrls grant = grant(json.length);
		List<SentPart> sent = send(grant, json);
		this.world.store.run(Moment.AFTER, Call.COMPOSE, 1, (key) -> send(grant, other));
		StoredFile file = complete(grant, sent);
		assertThat(this.world.served(file)).isEqualTo(json);
		send(grant, other);
		assertThat(this.world.served(file)).isEqualTo(json);
		this.world.requireNothingButListed();
	}

	@ParameterizedTest
	@CsvSource({ "BEFORE, FIND", "AFTER, FIND", "BEFORE, COMPOSE", "AFTER, COMPOSE", "BEFORE, OPEN", "AFTER, OPEN" })
	void staysPendingWhenTheStoreFails(Moment moment, Call call) throws IOException {
		byte[] json = json(17 * MIB);
		PartUrls grant = grant(json.length);
		List<SentPart> sent = send(grant, json);
		this.world.store.fail(moment, call);
		assertThatExceptionOfType(ObjectStoreException.class).isThrownBy(() -> complete(grant, sent));
		this.world.store.heal();
		assertThat(this.world.served(complete(grant, sent))).isEqualTo(json);
		this.world.requireNothingButListed();
	}

	@Test
	void removesAFileThatIsDeletedWhileItIsComposed() throws IOException {
		byte[] json = json(17 * MIB);
		PartUrls grant = grant(json.length);
		List<SentPart> sent = send(grant, json);
		this.world.store.run(Moment.AFTER, Call.COMPOSE, 1, (key) -> this.world.files.delete(ALICE, grant.file().id()));
		assertThatExceptionOfType(FileException.NotFound.class).isThrownBy(() -> complete(grant, sent));
		this.world.requireNothingButListed();
		this.world.requireObjects();
	}

	@Test
	void refusesSizesThatNoFileMayHave() {
		String message = "'bytes' must be from 1 to 209715200.";
		for (long bytes : new long[] { 0, -1, 209_715_201 }) {
			assertThatExceptionOfType(FileException.InvalidParameter.class)
				.isThrownBy(() -> this.world.presignedParts.grant(ALICE, Optional.empty(), "a.json", Purpose.CONTEXT,
						bytes, Optional.empty()))
				.withMessage(message);
		}
	}

	@Test
	void tellsFilesInPartsFromOthers() throws IOException {
		PartUrls parts = grant(5);
		assertThatExceptionOfType(FileException.InvalidParameter.class)
			.isThrownBy(() -> this.world.service.complete(ALICE, parts.file().id()));
		StoredFile whole = this.world.grant().file();
		assertThatExceptionOfType(FileException.InvalidParameter.class)
			.isThrownBy(() -> this.world.presignedParts.urls(ALICE, whole.id(), 1))
			.withMessage("The file " + whole.id() + " was not created in parts.");
	}

	private PartUrls grant(long bytes) {
		if (bytes > 200L * MIB) {
			this.world.close();
			this.world = world(Map.of("stowage.presigned.max-size", "5TB"));
		}
		return this.world.presignedParts
			.grant(ALICE, Optional.empty(), "data.json", Purpose.CONTEXT, bytes, Optional.empty())
			.value();
	}

	/** Sends all parts, the last one first, and returns what the client knows of them. */
	private List<SentPart> send(PartUrls grant, byte[] json) {
		List<SentPart> sent = new ArrayList<>();
		for (PartUrls.PartUrl url : grant.urls().reversed()) {
			int from = (int) ((url.number() - 1) * grant.urls().getFirst().bytes());
			this.world.send(url.put(), Arrays.copyOfRange(json, from, (int) (from + url.bytes())));
			String tag = this.world.engine.store()
				.find(ObjectKeys.part(grant.file().id(), url.number()))
				.orElseThrow()
				.etag();
			sent.addFirst(new SentPart(url.number(), '"' + tag + '"'));
		}
		return sent;
	}

	private StoredFile complete(PartUrls grant, List<SentPart> sent) {
		return this.world.presignedParts.complete(ALICE, grant.file().id(), sent);
	}

	/** A JSON string of that size. */
	private static byte[] json(int size) {
		byte[] json = new byte[size];
		Arrays.fill(json, (byte) 'x');
		System.arraycopy(bytes("\"start "), 0, json, 0, 7);
		json[size - 1] = '"';
		return json;
	}

}
