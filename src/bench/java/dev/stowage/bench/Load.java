package dev.stowage.bench;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Many simultaneous clients, each with its own connection. */
final class Load {

	private static final Duration PATIENCE = Duration.ofMinutes(15);

	private Load() {
	}

	/** One piece of the work, by its number from 0. */
	interface Task {

		void run(Connection connection, int number) throws Exception;

	}

	/** How many tasks took how long. */
	record Done(int count, double seconds) {
	}

	/** Does a number of tasks, however long they take. */
	static Done run(URI server, int connections, int tasks, Task task) throws Exception {
		return run(server, connections, tasks, PATIENCE, task);
	}

	/**
	 * Does a number of tasks, or as many as can begin in a time, over connections that
	 * are open before the clock starts.
	 * @throws ExecutionException when any task failed
	 */
	static Done run(URI server, int connections, int tasks, Duration time, Task task) throws Exception {
		AtomicInteger next = new AtomicInteger();
		LongAdder done = new LongAdder();
		CountDownLatch ready = new CountDownLatch(connections);
		CountDownLatch go = new CountDownLatch(1);
		try (Crew crew = new Crew(Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory()))) {
			for (int i = 0; i < connections; i++) {
				crew.start(() -> {
					try (Connection connection = Connection.to(server)) {
						ready.countDown();
						go.await();
						long end = System.nanoTime() + time.toNanos();
						for (int number = next.getAndIncrement(); number < tasks; number = next.getAndIncrement()) {
							task.run(connection, number);
							done.increment();
							if (System.nanoTime() > end) {
								break;
							}
						}
					}
				});
			}
			ready.await(1, TimeUnit.MINUTES);
			long start = System.nanoTime();
			go.countDown();
			crew.join();
			return new Done(done.intValue(), (System.nanoTime() - start) / 1e9);
		}
	}

	/** Threads that the bench waits for, with a limit. */
	static final class Crew implements AutoCloseable {

		private final ExecutorService threads;

		private final List<Future<?>> all = new ArrayList<>();

		Crew(ExecutorService threads) {
			this.threads = threads;
		}

		void start(Work work) {
			this.all.add(this.threads.submit(() -> {
				work.run();
				return this;
			}));
		}

		/** Waits for all to be done. */
		void join() throws Exception {
			for (Future<?> each : this.all) {
				each.get(PATIENCE.toMinutes(), TimeUnit.MINUTES);
			}
		}

		@Override
		public void close() {
			this.threads.shutdownNow();
		}

	}

	/** What a thread of a crew does. */
	interface Work {

		void run() throws Exception;

	}

}
