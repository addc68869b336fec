package dev.stowage.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.stowage.memory.UploadMemory;
import dev.stowage.storage.ObjectInfo;
import dev.stowage.storage.ObjectKey;
import dev.stowage.storage.ObjectRange;
import dev.stowage.storage.s3.S3Connection;
import dev.stowage.storage.s3.StoreUnderTest;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.regions.Region;

import static org.assertj.core.api.Assertions.assertThat;

/** How long it takes to compose a file of its parts, in this process. */
class ComposeBench {

	private static final int LARGE_PARTS = 128;

	private static final int SMALL_PARTS = 10_000;

	private static final long SMALL_SIZE = 100 * Scale.KIB;

	/** Of 8 MiB each, as a server with a heap of 256 MiB has. */
	private static final int PARTS_IN_MEMORY = 4;

	private static final Table table = new Table(ComposeBench.class, "A file is composed", "parts", "way", "seconds",
			"CPU-s", "calls", "copied in the store", "read", "sent", "peak of upload memory");

	private final AtomicInteger peak = new AtomicInteger();

	@Test
	void largePartsAreCopied() throws Exception {
		try (NullStoreProcess store = NullStoreProcess.start(0, true); StoreUnderTest subject = subject(store)) {
			List<ObjectRange> parts = new ArrayList<>(List.of(put(subject, 64 * Scale.MIB)));
			while (parts.size() < LARGE_PARTS) {
				parts.add(ObjectRange
					.of(subject.store().copy(parts.getFirst().object().orElseThrow(), newKey()).orElseThrow()));
			}
			Callable<Sample> compose = () -> compose(subject, parts);
			report(store, LARGE_PARTS + " × 64 MiB", "compose", Turns.alone(compose), compose);
			// the only bytes that passed are those of the first part
			assertThat(store.count("received")).isEqualTo(64 * Scale.MIB);
			assertThat(store.count("sent")).isZero();
		}
	}

	@Test
	void smallPartsAreMerged() throws Exception {
		try (NullStoreProcess store = NullStoreProcess.start(0, true); StoreUnderTest subject = subject(store)) {
			List<ObjectRange> parts = IntStream.range(0, SMALL_PARTS)
				.parallel()
				.mapToObj((i) -> put(subject, SMALL_SIZE))
				.toList();
			Callable<Sample> compose = () -> compose(subject, parts);
			Callable<Sample> read = () -> readOneByOne(subject, parts);
			Turns turns = Turns.take(compose, read);
			String what = "%,d × 100 KiB".formatted(SMALL_PARTS);
			report(store, what, "compose", turns.through(), compose);
			this.peak.set(0);
			report(store, what, "floor: read one by one with the SDK", turns.direct(), read);
		}
	}

	private void report(NullStoreProcess store, String parts, String way, List<Sample> samples, Callable<?> once)
			throws Exception {
		long calls = store.count("requests");
		long copied = store.count("copied");
		long sent = store.count("sent");
		long received = store.count("received");
		int memory = this.peak.get();
		once.call();
		table.row(parts, way, Turns.spread(samples, Sample::seconds).with(2),
				Turns.spread(samples, Sample::cpuSeconds).with(2), store.count("requests") - calls,
				store.count("copied") - copied, Table.mib(store.count("sent") - sent),
				Table.mib(store.count("received") - received), Table.mib((long) memory * UploadMemory.CHUNK_SIZE));
	}

	private Sample compose(StoreUnderTest subject, List<ObjectRange> parts) throws Exception {
		UploadMemory memory = subject.memory();
		return measure(() -> {
			Optional<ObjectInfo> composed = subject.store()
				.compose(parts, newKey(), "alice",
						() -> this.peak.accumulateAndGet(memory.capacity() - memory.available(), Math::max));
			assertThat(composed.orElseThrow().size()).isEqualTo(parts.stream().mapToLong(ObjectRange::length).sum());
			return composed;
		});
	}

	private static Sample readOneByOne(StoreUnderTest subject, List<ObjectRange> parts) throws Exception {
		return measure(() -> {
			long bytes = 0;
			for (ObjectRange part : parts) {
				bytes += subject.client()
					.getObject((request) -> request.bucket(NullStoreProcess.BUCKET).key(part.key().value()),
							ResponseTransformer.toBytes())
					.asByteArrayUnsafe().length;
			}
			assertThat(bytes).isEqualTo(parts.size() * SMALL_SIZE);
			return bytes;
		});
	}

	private static Sample measure(Callable<?> work) throws Exception {
		long process = ProcessHandle.current().pid();
		double cpu = Usage.of(process).cpuSeconds();
		long begun = System.nanoTime();
		work.call();
		return new Sample(1, (System.nanoTime() - begun) / 1e9, Usage.of(process).cpuSeconds() - cpu);
	}

	private static ObjectRange put(StoreUnderTest subject, long size) {
		ObjectKey key = newKey();
		subject.client()
			.putObject((request) -> request.bucket(NullStoreProcess.BUCKET).key(key.value()),
					RequestBody.fromBytes(new byte[(int) size]));
		return ObjectRange.of(subject.store().find(key).orElseThrow());
	}

	private static ObjectKey newKey() {
		return new ObjectKey("files/" + UUID.randomUUID());
	}

	/** With signed payloads, as over plain http by default. */
	private static StoreUnderTest subject(NullStoreProcess store) {
		return new StoreUnderTest(new S3Connection(Optional.of(store.endpoint()), Optional.empty(), Region.US_EAST_1,
				true, true, NullStoreProcess.BUCKET, StaticCredentialsProvider.create(store.credentials()), () -> {
				}), PARTS_IN_MEMORY);
	}

}
