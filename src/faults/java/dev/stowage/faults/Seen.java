package dev.stowage.faults;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** What clients saw of one side: answers by status, and the longest wait for one. */
final class Seen {

	private static final int SHOWN = 5;

	private final Set<Integer> expected;

	private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();

	private final Queue<String> surprises = new ConcurrentLinkedQueue<>();

	private final AtomicLong worstNanos = new AtomicLong();

	private final boolean ofServer;

	private Seen(boolean ofServer, Integer... expected) {
		this.ofServer = ofServer;
		this.expected = Set.of(expected);
	}

	/**
	 * Expects these statuses and no others, and that a 429 or 503 says when to return.
	 */
	static Seen ofServer(Integer... expected) {
		return new Seen(true, expected);
	}

	/** Expects these statuses and no others. */
	static Seen ofStore(Integer... expected) {
		return new Seen(false, expected);
	}

	Reply reply(Reply reply, String asked, long nanos) {
		count(Integer.toString(reply.status()));
		this.worstNanos.accumulateAndGet(nanos, Math::max);
		if (!this.expected.contains(reply.status())) {
			surprise(asked + ": " + reply);
		}
		else if (this.ofServer && (reply.status() == 503 || reply.status() == 429) && reply.retryAfter().isEmpty()) {
			surprise(asked + " without Retry-After: " + reply);
		}
		return reply;
	}

	void failure(IOException ex, String asked, long nanos) {
		this.worstNanos.accumulateAndGet(nanos, Math::max);
		if (ex instanceof HttpTimeoutException && !(ex instanceof HttpConnectTimeoutException)) {
			count("no answer in time");
			surprise(asked + ": " + ex);
		}
		else {
			count((ex instanceof ConnectException) ? "refused" : "aborted");
		}
	}

	private void surprise(String what) {
		if (this.surprises.size() < SHOWN) {
			this.surprises.add(what);
		}
	}

	private void count(String what) {
		this.counts.computeIfAbsent(what, (unused) -> new LongAdder()).increment();
	}

	long count(int status) {
		return of(Integer.toString(status));
	}

	long brokenOff() {
		return of("aborted");
	}

	long refused() {
		return of("refused");
	}

	private long of(String what) {
		LongAdder count = this.counts.get(what);
		return (count != null) ? count.sum() : 0;
	}

	double worstSeconds() {
		return this.worstNanos.get() / 1e9;
	}

	/** Answers that no client should get, a few of each. */
	Queue<String> surprises() {
		return this.surprises;
	}

	@Override
	public String toString() {
		return this.counts.entrySet()
			.stream()
			.map((count) -> "%s × %,d".formatted(count.getKey(), count.getValue().sum()))
			.collect(Collectors.joining(", "));
	}

}
