package dev.stowage.http.overload;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Tomcat's protocol with limits that it lacks: on connections beyond its room, which it
 * would leave in the kernel's queue, on connections of one address, and on the time that
 * a client takes to send. Tomcat makes it by its name.
 */
public final class CrowdProtocol extends Http11NioProtocol {

	/** Of the 32 that a request has Tomcat uses the first few. */
	private static final int CONNECTION_NOTE = 31;

	private final CrowdEndpoint endpoint;

	public CrowdProtocol() {
		this(new CrowdEndpoint());
	}

	private CrowdProtocol(CrowdEndpoint endpoint) {
		super(endpoint);
		this.endpoint = endpoint;
	}

	/**
	 * Before it starts, and when it is known whether it speaks TLS: whoever expects that
	 * would not understand a plain answer, and waits in the kernel's queue.
	 * @param connections how many may be open
	 * @param addressShare how many percent of them one address may have
	 * @param origins those whose pages may read that there is no room
	 * @param turnedAway is run for each one beyond those
	 */
	void setRoom(int connections, int addressShare, List<String> origins, Runnable turnedAway) {
		setMaxConnections(isSSLEnabled() ? connections : -1);
		this.endpoint.setRoom(connections, addressShare, origins, turnedAway);
	}

	/** The connection by which a request comes. */
	static Optional<SocketWrapperBase<?>> connectionOf(Request request) {
		return (request.getNote(CONNECTION_NOTE) instanceof SocketWrapperBase<?> connection) ? Optional.of(connection)
				: Optional.empty();
	}

	@Override
	protected Processor createProcessor() {
		return new ConnectionProcessor(this);
	}

	/** Tells a request its connection. */
	private static final class ConnectionProcessor extends Http11Processor {

		private ConnectionProcessor(CrowdProtocol protocol) {
			super(protocol, protocol.getAdapter());
		}

		@Override
		public SocketState service(SocketWrapperBase<?> connection) throws IOException {
			getRequest().setNote(CONNECTION_NOTE, connection);
			return super.service(connection);
		}

	}

}
