package dev.stowage.support;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Runs the same task many times simultaneously. */
public final class Together {

	private Together() {
	}

	/** Starts all at the same time, waits for all, and returns their results. */
	public static <T> List<T> run(int times, Callable<T> task) throws InterruptedException, ExecutionException {
		CountDownLatch ready = new CountDownLatch(times);
		try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
			List<Future<T>> futures = IntStream.range(0, times).mapToObj((number) -> executor.submit(() -> {
				ready.countDown();
				ready.await();
				return task.call();
			})).toList();
			List<T> results = new ArrayList<>();
			for (Future<T> future : futures) {
				results.add(future.get());
			}
			return results;
		}
	}

}
