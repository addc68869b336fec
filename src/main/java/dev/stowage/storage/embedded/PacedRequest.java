package dev.stowage.storage.embedded;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

import org.gaul.shaded.org.eclipse.jetty.io.Content;
import org.gaul.shaded.org.eclipse.jetty.server.Request;

/**
 * A request whose body fails when its client sends less than 1 KiB a second, over a time
 * in which the store waited for it. Jetty's idle timeout ends only silence.
 */
final class PacedRequest extends Request.Wrapper {

	private static final int BYTES_PER_SECOND = 1024;

	/** How long a client may be silent, or slow, while others wait for its place. */
	private static final Duration SHORT = Duration.ofSeconds(20);

	private volatile Duration window;

	private long waited;

	private long bytes;

	/**
	 * Wraps a request.
	 * @param window the time over which the rate is measured
	 */
	PacedRequest(Request request, Duration window) {
		super(request);
		this.window = window;
	}

	/** Other requests wait, so from now on the client has less time. */
	void hurry() {
		if (this.window.compareTo(SHORT) > 0) {
			this.window = SHORT;
			getConnectionMetaData().getConnection().getEndPoint().setIdleTimeout(SHORT.toMillis());
		}
	}

	@Override
	public Content.Chunk read() {
		Duration measured = this.window;
		if (this.waited >= measured.toNanos()) {
			if (this.bytes < measured.toMillis() * BYTES_PER_SECOND / 1000) {
				return Content.Chunk.from(new TimeoutException("The body arrives too slowly"));
			}
			this.waited = 0;
			this.bytes = 0;
		}
		Content.Chunk chunk = super.read();
		if (chunk != null) {
			this.bytes += chunk.remaining();
		}
		return chunk;
	}

	@Override
	public void demand(Runnable whenThere) {
		long asked = System.nanoTime();
		super.demand(() -> {
			this.waited += System.nanoTime() - asked;
			whenThere.run();
		});
	}

}
