package dev.stowage.http.overload;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.stowage.http.ClientAddress;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

/**
 * Accepts as many connections as there is room for, and from one address no more than its
 * share. Only one thread accepts, so no connection can arrive between the check and the
 * admission.
 */
final class CrowdEndpoint extends NioEndpoint {

	private static final Object NO_ADDRESS = new Object();

	/** The holder of the place of each connection. */
	private final Map<SocketChannel, Object> holders = new ConcurrentHashMap<>();

	private int room = Integer.MAX_VALUE;

	private Places places = new Places(this.room, 100);

	private List<String> origins = List.of();

	private Runnable turnedAway = () -> {
	};

	private volatile @Nullable Overflow overflow;

	void setRoom(int connections, int share, List<String> allowed, Runnable counter) {
		this.origins = allowed;
		this.room = connections;
		this.places = new Places(connections, share);
		this.turnedAway = counter;
	}

	@Override
	public void startInternal() throws Exception {
		if (this.overflow == null && this.room < Integer.MAX_VALUE && !isSSLEnabled()) {
			this.overflow = new Overflow(this.origins);
		}
		super.startInternal();
	}

	@Override
	protected boolean setSocketOptions(SocketChannel connection) {
		Object address = address(connection);
		if (this.places.take(address)) {
			this.holders.put(connection, address);
			boolean isIn = super.setSocketOptions(connection);
			if (!this.connections.containsKey(connection)) {
				left(connection);
			}
			return isIn;
		}
		this.turnedAway.run();
		Overflow beyond = this.overflow;
		if (beyond == null) {
			return false;
		}
		beyond.take(connection, address);
		return true;
	}

	private static Object address(SocketChannel connection) {
		try {
			SocketAddress remote = connection.getRemoteAddress();
			return (remote instanceof InetSocketAddress internet) ? ClientAddress.of(internet.getAddress())
					: NO_ADDRESS;
		}
		catch (IOException ex) {
			return NO_ADDRESS;
		}
	}

	private void left(SocketChannel connection) {
		Object address = this.holders.remove(connection);
		if (address != null) {
			this.places.leave(address);
		}
	}

	@Override
	protected NioChannel createChannel(SocketBufferHandler buffers) {
		ClientTime time = new ClientTime(Duration.ofMillis(getConnectionTimeout()), System::nanoTime);
		return isSSLEnabled() ? new TimedChannel.Secure(buffers, this, time, this::left)
				: new TimedChannel.Plain(buffers, time, this::left);
	}

	@Override
	public long getConnectionCount() {
		return this.connections.size();
	}

	/**
	 * Idle connections must not take the room of active ones: while more than half of the
	 * room is taken, each answer closes its connection.
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
			getLog().warn("Connections that were refused are still open", ex);
		}
	}

}
