package dev.stowage.http.overload;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.stowage.http.MinimumRate;
import jakarta.servlet.ServletRequest;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Request;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request and its connection: how long the server waits for the client, and the place
 * that the request has among those that are served.
 */
final class Conversation {

	private static final Logger logger = LoggerFactory.getLogger(Conversation.class);

	private static final String ATTRIBUTE = Conversation.class.getName();

	/** Bytes per second that the client of a body other than an upload must send. */
	private static final int RATE = 1024;

	/** How long a client may read no byte of an answer. */
	private static final Duration WRITE_TIMEOUT = Duration.ofSeconds(60);

	private final Request request;

	private final Places refused;

	private @Nullable Runnable place;

	private boolean bodyAsked;

	private boolean over;

	private Conversation(Request request, Places refused) {
		this.request = request;
		this.refused = refused;
	}

	/**
	 * Begins one.
	 * @param silence how long the client may send nothing, or take nothing of the answer
	 * @param refused places of refused requests whose bodies are read
	 */
	static Conversation begin(org.apache.catalina.connector.Request request, Duration silence, Places refused) {
		Conversation conversation = new Conversation(request.getCoyoteRequest(), refused);
		request.setAttribute(ATTRIBUTE, conversation);
		conversation.expectBody(silence);
		conversation.send(silence, RATE * silence.toSeconds());
		return conversation;
	}

	static Conversation of(ServletRequest request) {
		if (request.getAttribute(ATTRIBUTE) instanceof Conversation conversation) {
			return conversation;
		}
		throw new IllegalStateException("The request did not come through the valve");
	}

	/** Expects a short body, for which the server does not wait long. */
	void expectBody(Duration silence) {
		expect(silence, RATE * silence.toMillis() / 1000);
	}

	/**
	 * Expects a long body from a client that may be slow.
	 * @param bytes how many the client must send in the allowed time of silence. The
	 * client has twice that time here, because {@link MinimumRate} gives it a better
	 * answer
	 */
	void expectUpload(Duration silence, long bytes) {
		expect(silence, bytes);
	}

	/**
	 * Sends a long answer to a client that may pause and be slow.
	 * @param bytes how many it must take in the time of a silence
	 */
	void sendLong(Duration silence, long bytes) {
		send(silence, bytes);
	}

	/** Windows are measured one after the other, so a client may take twice as long. */
	private void send(Duration silence, long bytes) {
		connection().ifPresent((connection) -> connection.setWriteTimeout(silence.toMillis()));
		channel().ifPresent((channel) -> channel.answerTime().begin(silence, bytes));
	}

	private void expect(Duration silence, long bytes) {
		time().ifPresent((time) -> time.beginRequest(silence, silence.multipliedBy(2), bytes));
	}

	private Optional<ClientTime> time() {
		return channel().map(TimedChannel.Timed::time);
	}

	private Optional<TimedChannel.Timed> channel() {
		return connection().map(SocketWrapperBase::getSocket)
			.filter(TimedChannel.Timed.class::isInstance)
			.map(TimedChannel.Timed.class::cast);
	}

	/**
	 * Returns an action that ends a read that waits for the client, as if the client had
	 * ended its request. Tomcat's own waits end only by their timeout, and an interrupt
	 * would close the connection, on which the client must still be answered. Any thread
	 * may run it. Once the request is over it does nothing, because the connection may
	 * have the next one.
	 */
	Runnable endOfInput() {
		Optional<SocketChannel> client = client(NioChannel.class);
		return () -> client.ifPresent(this::endInput);
	}

	/** The client's connection; empty if it uses TLS. */
	Optional<SocketChannel> plainClient() {
		return client(TimedChannel.Plain.class);
	}

	private Optional<SocketChannel> client(Class<? extends NioChannel> kind) {
		return connection().map(SocketWrapperBase::getSocket)
			.filter(kind::isInstance)
			.map((channel) -> ((NioChannel) channel).getIOChannel());
	}

	private synchronized void endInput(SocketChannel client) {
		if (this.over) {
			return;
		}
		try {
			client.shutdownInput();
		}
		catch (IOException ex) {
			logger.debug("The client has closed its connection: {}", ex.toString());
		}
	}

	private Optional<SocketWrapperBase<?>> connection() {
		return CrowdProtocol.connectionOf(this.request);
	}

	/** Sends an interim response; a client that has gone does not get it. */
	void sendInterim(String head) {
		byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
		connection().ifPresent((connection) -> {
			try {
				connection.write(true, bytes, 0, bytes.length);
				connection.flush(true);
			}
			catch (IOException ex) {
				logger.debug("The client did not take an interim response: {}", ex.toString());
			}
		});
	}

	/** Gives the request a place; the action returns it. */
	void admit(Runnable leave) {
		this.place = leave;
	}

	/** Lets the client of an owner read slowly. */
	void expectSlowReader() {
		send(WRITE_TIMEOUT, RATE * WRITE_TIMEOUT.toSeconds());
	}

	/** Returns the place, if the request still has one. */
	void leavePlace() {
		Runnable leave = this.place;
		this.place = null;
		if (leave != null) {
			leave.run();
		}
	}

	/** Takes a place among the refused requests. */
	boolean refuse(Object address) {
		leavePlace();
		return this.refused.take(address);
	}

	void leaveRefused(Object address) {
		this.refused.leave(address);
	}

	/**
	 * Whether the connection ends with this request: its head could not be read, or
	 * reading its body has failed, for example because the client was silent.
	 */
	boolean isBroken() {
		AtomicBoolean failed = new AtomicBoolean();
		this.request.action(ActionCode.IS_ERROR, failed);
		return failed.get() || this.request.getErrorException() != null;
	}

	/**
	 * Notes that somebody reads the body, so a client that waits for 100 Continue gets
	 * it.
	 */
	void askForBody() {
		this.bodyAsked = true;
	}

	/** Whether somebody has begun to read the body. */
	boolean isBodyAsked() {
		return this.bodyAsked;
	}

	/** Whether the body has ended. */
	boolean isBodyRead() {
		AtomicBoolean read = new AtomicBoolean();
		this.request.action(ActionCode.REQUEST_BODY_FULLY_READ, read);
		return read.get();
	}

	/** Whether a byte can be read without waiting for the client. */
	boolean isByteThere() {
		this.request.action(ActionCode.AVAILABLE, true);
		return this.request.getAvailable() > 0;
	}

	/**
	 * Ends it.
	 * @param swallow whether the next request begins behind the rest of this one's body;
	 * otherwise the connection is closed
	 */
	synchronized void end(boolean swallow) {
		this.over = true;
		if (!swallow) {
			this.request.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
		}
		time().ifPresent(ClientTime::endRequest);
	}

}
