package dev.stowage.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.stowage.faults.Ledger.Entry;
import dev.stowage.faults.Ledger.State;
import dev.stowage.support.EventReceiver;
import dev.stowage.support.EventReceiver.Delivery;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The server is killed repeatedly under load, and the receiver of its events is often
 * down: afterwards it has an event of each change that was acknowledged, in the order of
 * each file.
 */
class EventFaults {

	private static final int LOAD_MILLIS = 3_000;

	/** In one round in three, nobody receives. */
	private static final int DOWN = 3;

	private long waitingAtKills;

	@Test
	void onWhatTheServerBringsAlong() throws Exception {
		kill(World.embedded());
	}

	@Test
	void onDatabaseAndStoreOfTheirOwn() throws Exception {
		kill(World.distributed());
	}

	private void kill(World world) throws Exception {
		try (EventReceiver receiver = new EventReceiver();
				Run run = new Run(getClass(), world, settings(receiver), Seen.ofServer(200, 404),
						Seen.ofStore(200, 403))) {
			run.server.start().awaitReady();
			Clients clients = run.clients();
			try (clients) {
				for (int kill = 1; kill <= Scale.KILLS; kill++) {
					boolean down = run.random.nextInt(DOWN) == 0;
					if (down) {
						receiver.stop();
					}
					Thread.sleep(run.random.nextLong(LOAD_MILLIS));
					run.server.kill();
					this.waitingAtKills += world.events();
					if (down) {
						receiver.startAgain();
					}
					run.server.start().awaitReady();
				}
			}
			run.conclude("kill -9 of the server while it delivers events (" + world.name() + ")", Scale.KILLS);
			Waiting.await("events that are still to be delivered").until(() -> world.events() == 0);
			compare(run.ledger, receiver.accepted());
		}
	}

	private static Map<String, String> settings(EventReceiver receiver) {
		Map<String, String> settings = new HashMap<>(Run.SHORT_DEADLINES);
		settings.put("STOWAGE_WEBHOOK_URL", receiver.url());
		settings.put("STOWAGE_WEBHOOK_SECRET", EventReceiver.SECRET);
		settings.put("STOWAGE_WEBHOOK_ALLOWED_NETWORKS", "127.0.0.0/8");
		return settings;
	}

	private void compare(Ledger ledger, List<Delivery> deliveries) {
		Map<String, List<String>> types = new HashMap<>();
		Set<String> ids = new HashSet<>();
		int repeated = 0;
		for (Delivery delivery : deliveries) {
			List<String> its = types.computeIfAbsent(delivery.fileId(), (id) -> new ArrayList<>());
			// a repeat follows the event that it repeats
			if (its.isEmpty() || !its.getLast().equals(delivery.type())) {
				its.add(delivery.type());
			}
			repeated += ids.add(delivery.id()) ? 0 : 1;
		}
		List<String> missing = new ArrayList<>();
		int expected = 0;
		for (Entry entry : ledger.entries()) {
			List<String> its = switch (entry.state) {
				case HELD -> List.of("file.created");
				case GONE -> List.of("file.created", "file.deleted");
				case SENT, LEAVING, REFUSED -> List.of();
			};
			expected += its.size();
			if (!its.isEmpty() && !its.equals(types.getOrDefault(entry.id, List.of()))) {
				missing.add(entry.content.name() + " " + entry.id + ", which is " + entry.state + ": "
						+ types.get(entry.id));
			}
		}
		Report.note(expected + " events of acknowledged changes, " + ids.size() + " events delivered, " + repeated
				+ " of them again; " + this.waitingAtKills + " waited at the kills; " + missing.size()
				+ " files whose events are missing or in another order.");
		assertThat(missing).as("files whose events are missing or in another order").isEmpty();
		assertThat(ledger.entries()).anyMatch((entry) -> entry.state == State.GONE);
	}

}
