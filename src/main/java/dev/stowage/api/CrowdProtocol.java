package dev.stowage.api;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;

import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's protocol, but for connections beyond its room: it would leave them in the
 * kernel's queue, and here each of them is answered. Tomcat makes it by its name.
 */
public final class CrowdProtocol extends Http11NioProtocol {

	private final Endpoint endpoint;

	public CrowdProtocol() {
		this(new Endpoint());
	}

	private CrowdProtocol(Endpoint endpoint) {
		super(endpoint);
		this.endpoint = endpoint;
	}

	/**
	 * Before it starts, and when it is known whether it speaks TLS: whoever expects that
	 * would not understand a plain answer, and waits in the kernel's queue.
	 * @param connections how many may be open
	 * @param turnedAway is run for each one beyond those
	 */
	void setRoom(int connections, Runnable turnedAway) {
		if (isSSLEnabled()) {
			setMaxConnections(connections);
			return;
		}
		setMaxConnections(-1);
		this.endpoint.room = connections;
		this.endpoint.turnedAway = turnedAway;
	}

	/** One thread accepts, so nobody comes between the look and the step. */
	private static final class Endpoint extends NioEndpoint {

		private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(60);

		private int room = Integer.MAX_VALUE;

		private Runnable turnedAway = () -> {
		};

		private volatile @Nullable Overflow overflow;

		@Override
		public void startInternal() throws Exception {
			if (this.overflow == null && this.room < Integer.MAX_VALUE) {
				this.overflow = new Overflow();
			}
			super.startInternal();
		}

		@Override
		protected boolean setSocketOptions(SocketChannel connection) {
			Overflow beyond = this.overflow;
			if (beyond == null || this.connections.size() < this.room) {
				return letIn(connection);
			}
			this.turnedAway.run();
			beyond.take(connection);
			return true;
		}

		/** Who reads slowly gets longer than who does not say what it wants. */
		private boolean letIn(SocketChannel connection) {
			boolean isIn = super.setSocketOptions(connection);
			SocketWrapperBase<NioChannel> wrapper = this.connections.get(connection);
			if (wrapper != null) {
				wrapper.setWriteTimeout(WRITE_TIMEOUT.toMillis());
			}
			return isIn;
		}

		@Override
		public long getConnectionCount() {
			return this.connections.size();
		}

		/**
		 * Who has nothing to ask shall not take the room of those who have: while more
		 * than half of it is taken, an answer closes its connection.
		 */
		@Override
		public int getMaxKeepAliveRequests() {
			return (this.connections.size() > this.room / 2) ? 1 : super.getMaxKeepAliveRequests();
		}

		@Override
		public void stopInternal() {
			super.stopInternal();
			Overflow beyond = this.overflow;
			if (beyond != null) {
				close(beyond);
				this.overflow = null;
			}
		}

		private void close(Overflow beyond) {
			try {
				beyond.close();
			}
			catch (IOException ex) {
				getLog().warn("Connections that were turned away are still open", ex);
			}
		}

	}

}
