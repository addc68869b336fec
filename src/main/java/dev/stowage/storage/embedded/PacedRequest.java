package dev.stowage.storage.embedded;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.gaul.shaded.org.eclipse.jetty.io.Content;
import org.gaul.shaded.org.eclipse.jetty.server.Request;

/**
 * A request whose body fails when its client sends less than 1 KiB a second, over every
 * 20 seconds in which the store waited for it. Jetty's idle timeout ends only silence.
 */
final class PacedRequest extends Request.Wrapper {

	private static final long WINDOW = TimeUnit.SECONDS.toNanos(20);

	private static final int BYTES_PER_WINDOW = 20 * 1024;

	private long waited;

	private long bytes;

	PacedRequest(Request request) {
		super(request);
	}

	@Override
	public Content.Chunk read() {
		if (this.waited >= WINDOW) {
			if (this.bytes < BYTES_PER_WINDOW) {
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
