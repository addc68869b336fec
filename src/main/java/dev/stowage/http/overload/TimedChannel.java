package dev.stowage.http.overload;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's connections, which wait for their clients only as long as {@link ClientTime}
 * allows.
 */
final class TimedChannel {

	private TimedChannel() {
	}

	/** Has the time of its client. */
	interface Timed {

		ClientTime time();

		AnswerTime answerTime();

	}

	/** Without TLS. */
	static final class Plain extends NioChannel implements Timed {

		private final ClientTime time;

		private final Consumer<SocketChannel> left;

		private final AnswerTime answerTime = new AnswerTime(System::nanoTime);

		/**
		 * Wraps one connection after another.
		 * @param left is called for each that is closed, perhaps more than once
		 */
		Plain(SocketBufferHandler buffers, ClientTime time, Consumer<SocketChannel> left) {
			super(buffers);
			this.time = time;
			this.left = left;
		}

		@Override
		public ClientTime time() {
			return this.time;
		}

		@Override
		public AnswerTime answerTime() {
			return this.answerTime;
		}

		@Override
		public void reset(@Nullable SocketChannel channel, @Nullable NioSocketWrapper connection) throws IOException {
			if (channel == null) {
				this.left.accept(getIOChannel());
			}
			super.reset(channel, connection);
			this.time.reset(connection);
		}

		@Override
		public int read(ByteBuffer target) throws IOException {
			int count = super.read(target);
			this.time.read(count);
			return count;
		}

		@Override
		public int write(ByteBuffer source) throws IOException {
			int count = super.write(source);
			this.answerTime.wrote(count, source.hasRemaining());
			return count;
		}

		@Override
		public void close() throws IOException {
			this.left.accept(getIOChannel());
			super.close();
		}

	}

	/** With TLS. */
	static final class Secure extends SecureNioChannel implements Timed {

		private final ClientTime time;

		private final Consumer<SocketChannel> left;

		private final AnswerTime answerTime = new AnswerTime(System::nanoTime);

		private final long handshake;

		private long connected;

		Secure(SocketBufferHandler buffers, NioEndpoint endpoint, ClientTime time, Consumer<SocketChannel> left) {
			super(buffers, endpoint);
			this.time = time;
			this.left = left;
			this.handshake = endpoint.getConnectionTimeout() * 1_000_000L;
		}

		@Override
		public ClientTime time() {
			return this.time;
		}

		@Override
		public AnswerTime answerTime() {
			return this.answerTime;
		}

		@Override
		public void reset(@Nullable SocketChannel channel, @Nullable NioSocketWrapper connection) throws IOException {
			if (channel == null) {
				this.left.accept(getIOChannel());
			}
			super.reset(channel, connection);
			this.connected = System.nanoTime();
			this.time.reset(connection);
		}

		@Override
		public int handshake(boolean read, boolean write) throws IOException {
			if (!isHandshakeComplete() && System.nanoTime() - this.connected > this.handshake) {
				throw new SocketTimeoutException("The TLS handshake was not finished in time");
			}
			return super.handshake(read, write);
		}

		@Override
		public int read(ByteBuffer target) throws IOException {
			int count = super.read(target);
			this.time.read(count);
			return count;
		}

		@Override
		public int write(ByteBuffer source) throws IOException {
			int count = super.write(source);
			this.answerTime.wrote(count, source.hasRemaining());
			return count;
		}

		@Override
		public void close(boolean force) throws IOException {
			this.left.accept(getIOChannel());
			super.close(force);
		}

	}

}
