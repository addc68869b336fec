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

/** Forwards bytes in both directions, until a test makes it hang. */
public final class TcpProxy implements AutoCloseable {

	private final ServerSocket server;

	private final int target;

	private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

	private volatile CountDownLatch gate = new CountDownLatch(0);

	private volatile Duration delay = Duration.ZERO;

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

	private void accept() {
		try {
			while (true) {
				Socket client = this.server.accept();
				Socket upstream = new Socket(InetAddress.getLoopbackAddress(), this.target);
				this.executor.execute(() -> handOn(client, upstream));
				this.executor.execute(() -> handOn(upstream, client));
			}
		}
		catch (IOException ex) {
			// closed
		}
	}

	private void handOn(Socket from, Socket to) {
		byte[] buffer = new byte[8192];
		try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
			for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
				if (this.gate.getCount() > 0) {
					this.gate.await();
					return;
				}
				Thread.sleep(this.delay);
				out.write(buffer, 0, count);
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
