package dev.stowage.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.stowage.bench.Usage;
import dev.stowage.faults.Ledger.Entry;
import dev.stowage.faults.Ledger.State;
import dev.stowage.support.Command;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** All clients connect at the same time. */
class CrowdFaults {

	private static final int FILE_SIZE = 4 * 1024;

	private static final byte[] GRANT = "{\"filename\": \"data.json\"}".getBytes(StandardCharsets.US_ASCII);

	/** How long those that are connected wait for the others. */
	private static final int GATHERING_SECONDS = 20;

	/** How many connections a server with that much heap serves at once. */
	private static final int ROOM = 1_160;

	private static final int NORMAL_REQUESTS = 200;

	private static final int LARGE = 20 * 1024 * 1024;

	private static final int LARGE_AT_ONCE = 8;

	/** Tomcat keeps what 200 requests needed, some 100 KiB each, for the next ones. */
	private static final long KEPT = 2 * 200 * 100 * 1024L;

	private static final Pattern USED = Pattern.compile("used (\\d+)K");

	@Test
	void ofWholeRequestsAtOnce() throws Exception {
		crowd("at once, each whole", false);
	}

	@Test
	void ofRequestsThatWaitForTheirLastByte() throws Exception {
		crowd("at once, each without its last byte until all are connected", true);
	}

	private void crowd(String how, boolean withheld) throws Exception {
		try (Run run = new Run(getClass(), World.embedded(), Map.of(), Seen.ofServer(200, 503), Seen.ofStore(200))) {
			run.server.start().awaitReady();
			normal(run);
			double before = normal(run);
			double largeBefore = large(run);
			long heapBefore = heapAfterCollection(run);
			long rssBefore = Usage.of(run.server.running().pid()).rss();
			CountDownLatch connected = new CountDownLatch(withheld ? Scale.CROWD : 0);
			Together.run(Scale.CROWD, Scale.CROWD, (number) -> come(run, number % 2 == 0, connected));
			assertThat(run.server.running().isAlive()).as("the server lives; clients saw %s", run.seen).isTrue();
			run.server.awaitReady();
			double after = normal(run);
			double largeAfter = large(run);
			long heapAfter = heapAfterCollection(run);
			run.conclude("%,d requests %s".formatted(Scale.CROWD, how), Scale.CROWD);
			Report.note(
					("A small upload took %.1f ms before and %.1f ms after (median of %d), %d of 20 MiB at once %.1f s"
							+ " and %.1f s, heap after GC %d MiB and %d MiB, RSS %d MiB and %d MiB.")
						.formatted(before, after, NORMAL_REQUESTS, LARGE_AT_ONCE, largeBefore, largeAfter,
								heapBefore >> 20, heapAfter >> 20, rssBefore >> 20,
								Usage.of(run.server.running().pid()).rss() >> 20));
			requireAnAnswerForEach(run.seen);
			assertThat(after).as("a small upload afterwards, ms").isLessThan(5 * before + 50);
			assertThat(heapAfter).as("the heap afterwards").isLessThan(heapBefore + KEPT);
		}
	}

	private static void requireAnAnswerForEach(Seen seen) {
		assertThat(seen.refused()).as("connections refused").isZero();
		assertThat(seen.brokenOff()).as("requests without an answer").isZero();
		assertThat(seen.count(200) + seen.count(503)).as("answers: %s", seen).isEqualTo(Scale.CROWD);
		if (Scale.CROWD > 2 * ROOM) {
			assertThat(seen.count(503)).as("refusals: %s", seen).isPositive();
		}
	}

	private static void come(Run run, boolean grant, CountDownLatch connected) throws InterruptedException {
		Entry entry = run.ledger.next(FILE_SIZE);
		byte[] body = grant ? GRANT : entry.content.form();
		byte[] head = grant ? Wire.head("application/json", body.length) : Wire.formHead(body.length);
		if (grant) {
			entry.state = State.REFUSED;
		}
		long start = System.nanoTime();
		long gathering = 0;
		try (Wire wire = new Wire(run.server.url())) {
			wire.send(head).send(body, 0, body.length - 1);
			gathering = gather(connected);
			sendLastByte(wire, body);
			Reply reply = run.seen.reply(wire.answer(), grant ? "grant" : "upload",
					System.nanoTime() - start - gathering);
			if (!grant && reply.status() == 200) {
				run.ledger.acknowledge(entry, reply.text("id"));
			}
			else if (reply.status() < 500) {
				entry.state = State.REFUSED;
			}
		}
		catch (IOException ex) {
			connected.countDown();
			run.seen.failure(ex, grant ? "grant" : "upload", System.nanoTime() - start - gathering);
		}
	}

	/**
	 * Waits for the other clients, and returns how long, because the server does not
	 * cause this wait.
	 */
	private static long gather(CountDownLatch connected) throws InterruptedException {
		long start = System.nanoTime();
		connected.countDown();
		connected.await(GATHERING_SECONDS, TimeUnit.SECONDS);
		return System.nanoTime() - start;
	}

	/** A client with an early answer may find that the server no longer reads. */
	private static void sendLastByte(Wire wire, byte[] body) {
		try {
			wire.send(body, body.length - 1, body.length);
		}
		catch (IOException ex) {
			// the answer shows the reason
		}
	}

	/** How long a small upload takes, the median in milliseconds. */
	private static double normal(Run run) throws Exception {
		Api api = new Api(run.server.url(), Seen.ofServer(200), Seen.ofStore(200));
		List<Long> nanos = new ArrayList<>();
		for (int i = 0; i < NORMAL_REQUESTS; i++) {
			Entry entry = run.ledger.next(FILE_SIZE);
			long start = System.nanoTime();
			Reply reply = api.upload(entry.content);
			nanos.add(System.nanoTime() - start);
			assertThat(reply.status()).isEqualTo(200);
			run.ledger.acknowledge(entry, reply.text("id"));
		}
		return nanos.stream().sorted().skip(NORMAL_REQUESTS / 2).findFirst().orElseThrow() / 1e6;
	}

	/** Uploads that need all memory for uploads, in seconds. */
	private static double large(Run run) throws Exception {
		Api api = new Api(run.server.url(), Seen.ofServer(200), Seen.ofStore(200));
		long start = System.nanoTime();
		Together.run(LARGE_AT_ONCE, LARGE_AT_ONCE, (number) -> {
			Entry entry = run.ledger.next(LARGE);
			Reply reply = api.upload(entry.content);
			assertThat(reply.status()).isEqualTo(200);
			run.ledger.acknowledge(entry, reply.text("id"));
		});
		return (System.nanoTime() - start) / 1e9;
	}

	private static long heapAfterCollection(Run run) throws IOException {
		jcmd(run, "GC.run");
		String heap = jcmd(run, "GC.heap_info");
		Matcher used = USED.matcher(heap.replaceAll("(?m)^ *(Metaspace|class space).*$", ""));
		long sum = 0;
		while (used.find()) {
			sum += Long.parseLong(used.group(1)) * 1024;
		}
		return sum;
	}

	private static String jcmd(Run run, String command) throws IOException {
		return Command.run(Path.of("target"), Map.of(),
				Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
				Long.toString(run.server.running().pid()), command);
	}

}
