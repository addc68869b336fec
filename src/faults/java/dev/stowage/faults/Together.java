package dev.stowage.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Many clients, a number of them at the same time. */
final class Together {

	private Together() {
	}

	/** Waits for all to end; the first failure is thrown. */
	static void run(int count, int atOnce, Client client) throws Exception {
		Semaphore turns = new Semaphore(atOnce);
		List<Future<?>> all = new ArrayList<>();
		try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
			for (int i = 0; i < count; i++) {
				int number = i;
				turns.acquire();
				all.add(threads.submit(() -> {
					try {
						client.come(number);
					}
					finally {
						turns.release();
					}
					return number;
				}));
			}
		}
		for (Future<?> each : all) {
			each.get();
		}
	}

	/** What one client does, by its number from 0. */
	interface Client {

		void come(int number) throws Exception;

	}

}
