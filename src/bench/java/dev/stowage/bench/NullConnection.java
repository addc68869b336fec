package dev.stowage.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** One connection to {@link NullStore}, until its client closes it. */
final class NullConnection implements Runnable {

	private static final int CHUNK = Content.CHUNK;

	private final SocketChannel channel;

	private final NullStore store;

	/** What has arrived and was not processed yet, in read mode. */
	private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK).limit(0);

	NullConnection(SocketChannel channel, NullStore store) {
		this.channel = channel;
		this.store = store;
	}

	@Override
	public void run() {
		try (this.channel) {
			for (int head = head(); head > 0; head = head()) {
				byte[] bytes = new byte[head];
				this.buffer.get(bytes);
				NullRequest request = NullRequest.parse(new String(bytes, StandardCharsets.UTF_8));
				if (!request.header("expect").isEmpty()) {
					write(ByteBuffer.wrap("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
				}
				byte[] body = NullStore.needsBody(request) ? take((int) request.length()) : new byte[0];
				pass(request.length() - body.length);
				send(this.store.answer(request, new String(body, StandardCharsets.UTF_8)));
			}
		}
		catch (IOException ex) {
			// the client has disconnected
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Waits for a whole head.
	 * @return its length, or 0 at the end of the connection
	 */
	private int head() throws IOException {
		for (int at = this.buffer.position();; at++) {
			while (at + 4 > this.buffer.limit()) {
				int known = at - this.buffer.position();
				this.buffer.compact();
				if (this.channel.read(this.buffer) < 0) {
					return 0;
				}
				this.buffer.flip();
				at = known;
			}
			if (this.buffer.getInt(at) == 0x0D0A0D0A) {
				return at + 4 - this.buffer.position();
			}
		}
	}

	private byte[] take(int length) throws IOException {
		byte[] bytes = new byte[length];
		for (int at = 0; at < length; at++) {
			while (!this.buffer.hasRemaining()) {
				this.buffer.clear();
				if (this.channel.read(this.buffer) < 0) {
					throw new IOException("The body ended early");
				}
				this.buffer.flip();
			}
			bytes[at] = this.buffer.get();
		}
		return bytes;
	}

	private void pass(long length) throws IOException {
		int there = (int) Math.min(length, this.buffer.remaining());
		this.buffer.position(this.buffer.position() + there);
		for (long left = length - there; left > 0;) {
			int count = this.channel.read(this.buffer.clear().limit((int) Math.min(CHUNK, left)));
			if (count < 0) {
				throw new IOException("The body ended early");
			}
			left -= count;
			this.buffer.limit(0);
		}
	}

	private void send(NullAnswer answer) throws IOException {
		write(ByteBuffer.wrap(answer.head().getBytes(StandardCharsets.UTF_8)));
		for (long sent = 0; sent < answer.length();) {
			int count = (int) Math.min(CHUNK, answer.length() - sent);
			write(Content.at(answer.offset() + sent, count));
			sent += count;
		}
	}

	private void write(ByteBuffer bytes) throws IOException {
		while (bytes.hasRemaining()) {
			this.channel.write(bytes);
		}
	}

}
