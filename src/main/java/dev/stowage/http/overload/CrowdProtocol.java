package dev.stowage.http.overload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

import dev.stowage.http.head.FirstLook;
import dev.stowage.http.head.UnreadableRequest;
import org.apache.coyote.ErrorState;
import org.apache.coyote.Processor;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * Tomcat's protocol with limits that it lacks: on connections beyond its room, which it
 * would leave in the kernel's queue, on connections of one address, and on the time that
 * a client takes to send. Tomcat creates it by its class name.
 */
public final class CrowdProtocol extends Http11NioProtocol {

	/** Tomcat uses only the first few of the 32 notes of a request. */
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
	 * Must be called before it starts, once it is known whether it uses TLS. A client
	 * that expects TLS would not understand a plain answer, so it waits in the kernel's
	 * queue.
	 * @param connections how many may be open
	 * @param addressShare how many percent of them one address may have
	 * @param origins those whose pages may read the refusal
	 * @param turnedAway is run for each connection beyond those
	 */
	void setRoom(int connections, int addressShare, List<String> origins, Runnable turnedAway) {
		setMaxConnections(isSSLEnabled() ? connections : -1);
		this.endpoint.setRoom(connections, addressShare, origins, turnedAway);
	}

	/** The connection of a request. */
	static Optional<SocketWrapperBase<?>> connectionOf(Request request) {
		return (request.getNote(CONNECTION_NOTE) instanceof SocketWrapperBase<?> connection) ? Optional.of(connection)
				: Optional.empty();
	}

	@Override
	protected Processor createProcessor() {
		return new ConnectionProcessor(this);
	}

	/**
	 * Notes the connection of a request in it, and accepts host names with an underscore,
	 * which container networks use.
	 */
	private static final class ConnectionProcessor extends Http11Processor {

		private ConnectionProcessor(CrowdProtocol protocol) {
			super(protocol, new FirstLook(protocol.getAdapter()));
		}

		@Override
		public SocketState service(SocketWrapperBase<?> connection) throws IOException {
			getRequest().setNote(CONNECTION_NOTE, connection);
			return super.service(connection);
		}

		@Override
		protected void parseHost(@Nullable MessageBytes host) {
			boolean isRefused = getErrorState().isError();
			String sent = (host == null || host.isNull()) ? null : host.toString();
			if (sent == null || !sent.contains("_")) {
				super.parseHost(host);
			}
			else {
				// a name that Tomcat accepts if it would accept the underscores
				byte[] similar = sent.replace('_', 'x').getBytes(StandardCharsets.ISO_8859_1);
				MessageBytes accepted = MessageBytes.newInstance();
				accepted.setBytes(similar, 0, similar.length);
				super.parseHost(accepted);
			}
			if ("".equals(sent)) {
				this.response.setStatus(HttpStatus.BAD_REQUEST.value());
				setErrorState(ErrorState.CLOSE_CLEAN, null);
			}
			if (getErrorState().isError()) {
				if (!isRefused) {
					this.request.setAttribute(UnreadableRequest.ATTRIBUTE, UnreadableRequest.HOST);
				}
			}
			else if (sent != null) {
				this.request.serverName().setString(sent.substring(0, this.request.serverName().getLength()));
			}
		}

	}

}
