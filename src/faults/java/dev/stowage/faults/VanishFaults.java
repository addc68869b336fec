package dev.stowage.faults;

import java.io.IOException;
import java.util.Map;

import dev.stowage.faults.Ledger.Entry;
import dev.stowage.faults.Ledger.State;
import dev.stowage.support.Form;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Clients vanish, or send almost nothing. */
class VanishFaults {

	private static final int AT_ONCE = 32;

	private static final int SMALL = 100_000;

	/** Larger than a part, so that an upload in parts has begun. */
	private static final int LARGE = 9 * 1024 * 1024;

	/** One file in ten is large. */
	private static final int LARGE_EVERY = 10;

	/** How long a client waits for its bytes to arrive before it vanishes. */
	private static final int PAUSE_MILLIS = 50;

	private static final int DRIP_MILLIS = 1_000;

	/** Of each style, before and after each kind of fault. */
	private static final int KEPT = 3;

	@Test
	void atEveryStage() throws Exception {
		try (Run run = new Run(getClass(), World.embedded(), Map.of(), Seen.ofServer(200), Seen.ofStore(200))) {
			run.server.start().awaitReady();
			run.keep(KEPT);
			for (Stage stage : Stage.values()) {
				Together.run(Scale.VANISHING, AT_ONCE, (number) -> vanish(run, stage, number));
				run.keep(KEPT);
				Report.note("Vanished: " + Scale.VANISHING + " " + stage);
			}
			run.server.awaitReady();
			run.conclude("clients that vanish, " + Scale.VANISHING + " at each of " + Stage.values().length
					+ " stages, half by a reset", Scale.VANISHING * Stage.values().length);
		}
	}

	private static void vanish(Run run, Stage stage, int number) throws IOException, InterruptedException {
		Entry entry = run.ledger.next((number % LARGE_EVERY == 0) ? LARGE : SMALL);
		byte[] body = entry.content.form();
		byte[] head = Wire.formHead(body.length);
		entry.state = (stage == Stage.BEFORE_READING_THE_ANSWER) ? State.SENT : State.REFUSED;
		try (Wire wire = new Wire(run.server.url())) {
			int fileStart = body.length - entry.content.size() - Form.BOUNDARY.length() - 8;
			switch (stage) {
				case AFTER_CONNECTING -> {
				}
				case IN_THE_HEADER -> wire.send(head, 0, head.length / 2);
				case AFTER_THE_HEADER -> wire.send(head);
				case IN_A_PART_HEADER -> wire.send(head).send(body, 0, fileStart - 10);
				case IN_THE_FILE -> wire.send(head).send(body, 0, fileStart + entry.content.size() / 2);
				case BEFORE_THE_END -> wire.send(head).send(body, 0, fileStart + entry.content.size());
				case BEFORE_READING_THE_ANSWER -> wire.send(head).send(body);
			}
			Thread.sleep(PAUSE_MILLIS);
			if (number % 2 == 0) {
				wire.abrupt();
			}
		}
	}

	@Test
	void tooSlowly() throws Exception {
		Map<String, String> settings = Map.of("STOWAGE_UPLOAD_TIMEOUT", "5s");
		try (Run run = new Run(getClass(), World.embedded(), settings, Seen.ofServer(200, 408), Seen.ofStore(200))) {
			run.server.start().awaitReady();
			run.keep(KEPT);
			Together.run(Scale.SLOW, Scale.SLOW, (number) -> drip(run, number));
			run.keep(KEPT);
			run.conclude("clients that send a byte a second, or half a file and then nothing, with a timeout of 5 s",
					Scale.SLOW);
			assertThat(run.seen.count(408)).as("clients that got an answer").isEqualTo(Scale.SLOW);
		}
	}

	private static void drip(Run run, int number) throws IOException, InterruptedException {
		Entry entry = run.ledger.next((number % LARGE_EVERY < 2) ? LARGE : SMALL);
		entry.state = State.REFUSED;
		byte[] body = entry.content.form();
		long start = System.nanoTime();
		try (Wire wire = new Wire(run.server.url())) {
			int sent = body.length / 2;
			wire.send(Wire.formHead(body.length)).send(body, 0, sent);
			while (number % 2 == 0 && !wire.isAnswered()) {
				Thread.sleep(DRIP_MILLIS);
				wire.send(body, sent, sent + 1);
				sent++;
			}
			run.seen.reply(wire.answer(), "upload", System.nanoTime() - start);
		}
		catch (IOException ex) {
			run.seen.failure(ex, "upload", System.nanoTime() - start);
		}
	}

	/** Where a client is in its request when it vanishes. */
	private enum Stage {

		AFTER_CONNECTING, IN_THE_HEADER, AFTER_THE_HEADER, IN_A_PART_HEADER, IN_THE_FILE, BEFORE_THE_END,
		BEFORE_READING_THE_ANSWER

	}

}
