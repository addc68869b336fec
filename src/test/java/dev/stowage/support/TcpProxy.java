package dev.stowage.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;

/**
 * Forwards bytes in both directions, until a test makes it hang. It can end connections
 * whose client takes nothing, as many stores and load balancers do.
 */
public final class TcpProxy implements AutoCloseable {

	private final ServerSocket server;

	private final int target;

	private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

	private volatile CountDownLatch gate = new CountDownLatch(0);

	private volatile Duration delay = Duration.ZERO;

	private volatile Duration patience = Duration.ofDays(1);

	private final AtomicInteger ended = new AtomicInteger();

	private final AtomicInteger cuts = new AtomicInteger();

	private volatile long longest = Long.MAX_VALUE;

	private volatile long silentFrom = Long.MAX_VALUE;

	/** To a port of loopback. */
	public TcpProxy(int target) throws IOException {
		this.target = target;
		this.server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
		this.executor.execute(this::accept);
	}

	public int port() {
		return this.server.getLocalPort();
	}

	/** Accepts connections and bytes, and forwards nothing. */
	public void stall() {
		this.gate = new CountDownLatch(1);
	}

	/** Stalls when a client has sent more than that many bytes, once. */
	public void stallAfter(long bytes) {
		this.silentFrom = bytes;
	}

	/** Forwards everything with a delay. */
	public void delay(Duration delay) {
		this.delay = delay;
	}

	/**
	 * Serves new connections; those that hung end, and what they held back is lost.
	 */
	public void goOn() {
		this.gate.countDown();
	}

	/**
	 * Ends new connections whose client takes nothing for this time though there is more.
	 */
	public void endUnread(Duration limit) {
		this.patience = limit;
	}

	/** Closes connections whose client has sent more than that many bytes. */
	public void cutAfter(long bytes) {
		this.longest = bytes;
	}

	/** How many connections were closed for that. */
	public int cuts() {
		return this.cuts.get();
	}

	/** How many connections were ended for that. */
	public int ended() {
		return this.ended.get();
	}

	private void accept() {
		try {
			while (true) {
				Socket client = this.server.accept();
				Socket upstream = new Socket(InetAddress.getLoopbackAddress(), this.target);
				AtomicLong waiting = new AtomicLong();
				this.executor.execute(() -> handOn(client, upstream, new AtomicLong(), this::endsAfter));
				this.executor.execute(() -> handOn(upstream, client, waiting, (count) -> false));
				this.executor.execute(() -> watch(client, upstream, waiting));
			}
		}
		catch (IOException ex) {
			// closed
		}
	}

	/** Does what is due after this number of bytes of a client. */
	private boolean endsAfter(long sent) {
		if (sent > this.silentFrom) {
			this.silentFrom = Long.MAX_VALUE;
			stall();
		}
		return sent > this.longest && this.cuts.incrementAndGet() > 0;
	}

	private void watch(Socket client, Socket upstream, AtomicLong waiting) {
		try (client; upstream) {
			long limit = this.patience.toNanos();
			while (!client.isClosed() && (waiting.get() == 0 || System.nanoTime() - waiting.get() < limit)) {
				Thread.sleep(50);
			}
			this.ended.addAndGet(client.isClosed() ? 0 : 1);
		}
		catch (IOException | InterruptedException ex) {
			// the test is over
		}
	}

	private void handOn(Socket from, Socket to, AtomicLong waiting, LongPredicate ends) {
		byte[] buffer = new byte[8192];
		long sent = 0;
		try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
			for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
				if (this.gate.getCount() > 0) {
					this.gate.await();
					return;
				}
				Thread.sleep(this.delay);
				waiting.set(System.nanoTime() | 1);
				out.write(buffer, 0, count);
				waiting.set(0);
				sent += count;
				if (ends.test(sent)) {
					return;
				}
			}
		}
		catch (IOException | InterruptedException ex) {
			// one side closed its connection, so the other is closed, too
		}
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		this.executor.shutdownNow();
	}

}
