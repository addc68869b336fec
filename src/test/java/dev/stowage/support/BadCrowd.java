package dev.stowage.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Connections that request much and read nothing; one thread sends for all of them, as
 * slowly as each requires.
 */
public final class BadCrowd implements AutoCloseable {

	private static final long PAUSE_MILLIS = 500;

	private static final int WINDOW = 4 * 1024;

	private final List<Client> clients = new ArrayList<>();

	private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::send);

	private volatile boolean over;

	/** How a connection behaves. */
	public enum Manner {

		/** Connects and sends nothing. */
		SILENT,

		/** Sends the head of its request a byte at a time. */
		SLOW_HEAD,

		/** Sends the head, and nothing of the declared body. */
		SILENT_BODY,

		/** Sends the body a byte at a time. */
		SLOW_BODY,

		/** Sends whole requests, one after the other, and reads no answer. */
		NOT_READING

	}

	/** Starts all of them. */
	public BadCrowd start() {
		this.thread.start();
		return this;
	}

	/**
	 * Adds one.
	 * @param head the request's line and headers, without Content-Length
	 * @param body the body of a complete request
	 */
	public void add(int port, String from, Manner manner, String head, Optional<String> body) {
		try {
			this.clients.add(new Client(connection(port, from), manner, head, body));
		}
		catch (IOException ex) {
			// no room for more bytes
		}
	}

	private static SocketChannel connection(int port, String from) throws IOException {
		SocketChannel connection = SocketChannel.open();
		connection.setOption(StandardSocketOptions.SO_RCVBUF, WINDOW);
		connection.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
		connection.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		connection.configureBlocking(false);
		return connection;
	}

	private void send() {
		while (!this.over) {
			this.clients.forEach(Client::send);
			try {
				Thread.sleep(PAUSE_MILLIS);
			}
			catch (InterruptedException ex) {
				return;
			}
		}
	}

	@Override
	public void close() throws IOException {
		this.over = true;
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		for (Client client : this.clients) {
			client.connection.close();
		}
	}

	private static final class Client {

		private static final int REQUESTS = 50;

		private static final int ANNOUNCED = 1_000_000;

		private final SocketChannel connection;

		private final ByteBuffer atOnce;

		private final boolean drips;

		private Client(SocketChannel connection, Manner manner, String head, Optional<String> body) {
			this.connection = connection;
			this.drips = manner == Manner.SLOW_HEAD || manner == Manner.SLOW_BODY;
			String text = switch (manner) {
				case SILENT -> "";
				case SLOW_HEAD -> head + "X-Slow: ";
				case SILENT_BODY, SLOW_BODY -> head + "Content-Length: " + ANNOUNCED + "\r\n\r\n";
				case NOT_READING -> (head
						+ body.map((bytes) -> "Content-Length: " + bytes.length() + "\r\n\r\n" + bytes).orElse("\r\n"))
					.repeat(REQUESTS);
			};
			this.atOnce = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
		}

		private void send() {
			try {
				if (this.atOnce.hasRemaining()) {
					this.connection.write(this.atOnce);
				}
				else if (this.drips) {
					this.connection.write(ByteBuffer.wrap(new byte[] { 'x' }));
				}
			}
			catch (IOException ex) {
				// the server has closed the connection, as it may
			}
		}

	}

}
