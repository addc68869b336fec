package dev.stowage.storage.embedded;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.gaul.shaded.org.eclipse.jetty.io.Connection;
import org.gaul.shaded.org.eclipse.jetty.server.Handler;
import org.gaul.shaded.org.eclipse.jetty.server.Request;
import org.gaul.shaded.org.eclipse.jetty.server.Response;
import org.gaul.shaded.org.eclipse.jetty.util.Callback;
import org.gaul.shaded.org.eclipse.jetty.util.component.Graceful;
import org.gaul.shaded.org.eclipse.jetty.util.thread.Scheduler;

/**
 * Bounds the connections to the embedded store that are not in a request: the time that
 * one may take for the headers of its next request, however slowly they come, and their
 * number. The longest waiting one is closed when a new one needs its place, so clients
 * that send nothing, or send headers slowly, do not keep others out. When the store
 * stops, they are all closed, and each other one after its answer.
 */
final class EmbeddedConnections extends Handler.Wrapper implements Connection.Listener, Graceful {

	private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

	private final int room;

	private final Duration patience;

	private final Scheduler scheduler;

	/** When each wait began, the longest waiting first. */
	private final Map<Connection, Long> waiting = new LinkedHashMap<>();

	private boolean looking;

	private boolean stopping;

	EmbeddedConnections(Handler store, EmbeddedLimits limits, Scheduler scheduler) {
		super(store);
		this.room = limits.connections();
		this.patience = limits.headers();
		this.scheduler = scheduler;
	}

	@Override
	public void onOpened(Connection connection) {
		await(connection);
	}

	@Override
	public void onClosed(Connection connection) {
		leave(connection);
	}

	@Override
	public boolean handle(Request request, Response response, Callback callback) throws Exception {
		Connection connection = request.getConnectionMetaData().getConnection();
		leave(connection);
		Request.addCompletionListener(request, (failure) -> {
			if (connection.getEndPoint().isOpen()) {
				await(connection);
			}
		});
		return super.handle(request, response, callback);
	}

	private void await(Connection connection) {
		longestBeyondRoom(connection).ifPresent(EmbeddedConnections::close);
	}

	private synchronized Optional<Connection> longestBeyondRoom(Connection next) {
		this.waiting.put(next, System.nanoTime());
		lookLater();
		return (this.stopping || this.waiting.size() > this.room) ? takeFirst() : Optional.empty();
	}

	/**
	 * The engine would wait until they have been idle, and after an answer that ends in
	 * this moment for longer than it may.
	 */
	@Override
	public CompletableFuture<Void> shutdown() {
		synchronized (this) {
			this.stopping = true;
		}
		for (Optional<Connection> each = takeFirst(); each.isPresent(); each = takeFirst()) {
			close(each.get());
		}
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public synchronized boolean isShutdown() {
		return this.stopping;
	}

	private synchronized void leave(Connection connection) {
		this.waiting.remove(connection);
	}

	private synchronized Optional<Connection> takeFirst() {
		Optional<Connection> first = this.waiting.keySet().stream().findFirst();
		first.ifPresent(this.waiting::remove);
		return first;
	}

	private void lookLater() {
		if (!this.looking && !this.waiting.isEmpty()) {
			this.looking = true;
			this.scheduler.schedule(this::look, LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	private void look() {
		for (Optional<Connection> late = late(); late.isPresent(); late = late()) {
			close(late.get());
		}
		synchronized (this) {
			this.looking = false;
			lookLater();
		}
	}

	private synchronized Optional<Connection> late() {
		long now = System.nanoTime();
		return this.waiting.values()
			.stream()
			.findFirst()
			.filter((since) -> now - since > this.patience.toNanos())
			.flatMap((since) -> takeFirst());
	}

	private static void close(Connection connection) {
		connection.getEndPoint().close();
	}

}
