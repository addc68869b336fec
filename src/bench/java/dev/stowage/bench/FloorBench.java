package dev.stowage.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

import dev.stowage.support.NodeProject;
import org.junit.jupiter.api.Test;

/**
 * What the server takes, cold and warm, beside the {@link Floor} and beside a server that
 * others would write, in turn. Client and null store are further processes on the same
 * cores.
 */
class FloorBench {

	private static final Work UPLOADS = Work
		.large((subject) -> (connection, number) -> Client.upload(connection, Scale.LARGE_SIZE));

	@Test
	void signedUploads() throws Exception {
		compare("Uploads of " + large() + ", payload signed", UPLOADS, true, Map.of());
	}

	@Test
	void unsignedUploads() throws Exception {
		compare("Uploads of " + large() + ", payload unsigned, but signed by Fastify", UPLOADS, false,
				Map.of("STOWAGE_S3_SIGN_PAYLOAD", "false"));
	}

	@Test
	void smallFiles() throws Exception {
		compare("Uploads of " + Table.size(Scale.SMALL_SIZE) + ", " + Scale.SMALL_AT_ONCE + " at a time",
				Work.small((connection, number) -> Client.upload(connection, Scale.SMALL_SIZE)), true, Map.of());
	}

	@Test
	void grants() throws Exception {
		compare("POST /v1/files, " + Scale.SMALL_AT_ONCE + " at a time",
				Work.small((connection, number) -> Client.grant(connection)), true,
				Map.of("STOWAGE_MAX_PENDING", "10000000"));
	}

	@Test
	void downloads() throws Exception {
		compare("Downloads of " + large(), Work.large(FloorBench::downloads), true, Map.of());
	}

	private static String large() {
		return Table.size(Scale.LARGE_SIZE) + ", " + Scale.UPLOADS_AT_ONCE + " at a time";
	}

	private static Load.Task downloads(Subject subject) throws Exception {
		try (Connection connection = Connection.to(subject.url())) {
			String id = Client.upload(connection, Scale.LARGE_SIZE);
			return (other, number) -> Client.content(other, id);
		}
	}

	private static void compare(String title, Work work, boolean signed, Map<String, String> settings)
			throws Exception {
		try (Store.Forgetful store = Store.Forgetful.start()) {
			Contender floor = Contender.floor(store, signed);
			Contender jar = Contender.jar(store, settings);
			List<Contender> all = new ArrayList<>(List.of(floor, Contender.image(store, settings)));
			Optional<Contender> peer = NodeProject.isHere() ? Optional.of(Contender.peer(store)) : Optional.empty();
			peer.ifPresent(all::add);
			for (int start = 0; start < Scale.FRESH_STARTS; start++) {
				jar.measureCold(work);
				for (Contender each : all) {
					each.measureCold(work);
				}
			}
			measureWarm(new ArrayDeque<>(all), work, new ArrayList<>());
			Comparison comparison = new Comparison(title, work, floor, jar, peer);
			comparison.cold(jar);
			all.forEach(comparison::both);
		}
	}

	/** Starts the others and warms them up, one by one, and then measures all in turn. */
	private static void measureWarm(Deque<Contender> others, Work work, List<Callable<?>> rounds) throws Exception {
		if (others.isEmpty()) {
			for (int round = 0; round < Scale.PAIRS; round++) {
				for (Callable<?> each : rounds) {
					each.call();
				}
			}
			return;
		}
		Contender next = others.pop();
		try (Subject subject = next.start().call()) {
			Load.Task task = work.preparation().prepare(subject);
			work.measure(subject, task, work.warmUp());
			rounds.add(() -> next.warm().add(work.measure(subject, task, work.round())));
			measureWarm(others, work, rounds);
		}
	}

}
