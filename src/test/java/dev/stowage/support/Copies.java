package dev.stowage.support;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.stowage.storage.FailingObjectStore.Call;
import dev.stowage.storage.ObjectKey;

/** Three instances of the server on one database and one bucket. */
public final class Copies implements AutoCloseable {

	private static final int COUNT = 3;

	private final List<StowageServer> servers;

	private Copies(List<StowageServer> servers) {
		this.servers = servers;
	}

	static Copies start(SharedBacking backing, Path folder) {
		List<StowageServer> servers = new ArrayList<>();
		for (int i = 0; i < COUNT; i++) {
			servers.add(StowageServer.start(folder, backing.settings("stowage.admin-key=" + StowageServer.ADMIN)));
		}
		return new Copies(servers);
	}

	public List<StowageServer> all() {
		return this.servers;
	}

	/** Alice, who calls any of them. */
	public Caller any(Random random) {
		return this.servers.get(random.nextInt(COUNT)).alice();
	}

	/** Does the same with all of them at the same time, and returns the results. */
	public <T> List<T> atOnce(OnCopy<T> task) throws Exception {
		List<Callable<T>> tasks = this.servers.stream().<Callable<T>>map((copy) -> () -> task.run(copy)).toList();
		try (ExecutorService executor = Executors.newFixedThreadPool(COUNT)) {
			List<T> results = new ArrayList<>();
			for (Future<T> future : executor.invokeAll(tasks)) {
				results.add(future.get());
			}
			return results;
		}
	}

	/** The keys for which any of them made this call to the store. */
	public List<String> calls(Call call) {
		return this.servers.stream()
			.flatMap((copy) -> copy.store().calls(call).stream())
			.map(ObjectKey::value)
			.toList();
	}

	/** Ends all faults of the stores, and sets the clocks right. */
	void reset() {
		this.servers.forEach((copy) -> {
			copy.store().heal();
			copy.clock().reset();
		});
	}

	@Override
	public void close() {
		this.servers.forEach(StowageServer::close);
	}

	/** An action on one instance. */
	public interface OnCopy<T> {

		T run(StowageServer copy) throws Exception;

	}

}
