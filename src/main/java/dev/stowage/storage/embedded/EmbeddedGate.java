package dev.stowage.storage.embedded;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.gaul.shaded.org.eclipse.jetty.http.HttpFields;
import org.gaul.shaded.org.eclipse.jetty.http.HttpHeader;
import org.gaul.shaded.org.eclipse.jetty.io.Content;
import org.gaul.shaded.org.eclipse.jetty.io.EndPoint;
import org.gaul.shaded.org.eclipse.jetty.server.Handler;
import org.gaul.shaded.org.eclipse.jetty.server.Request;
import org.gaul.shaded.org.eclipse.jetty.server.Response;
import org.gaul.shaded.org.eclipse.jetty.util.Callback;
import org.gaul.shaded.org.eclipse.jetty.util.Fields;

/**
 * Decides by the headers alone which requests reach the embedded store. S3Proxy reads up
 * to 128 MiB of a body into memory before it checks a signature that covers the body's
 * hash, so no such request is admitted. These are:
 * <ul>
 * <li>{@code GET}, {@code HEAD} and {@code PUT} that are signed in the query, as clients
 * of signed URLs send them. A limited number is served at the same time; more wait for a
 * moment and then get 503. One object has a share of the places; otherwise one URL could
 * keep all others out. Readers leave a quarter to uploads. A client may send or take
 * nothing for as long as the server waits for its own clients, and a body must arrive at
 * a {@linkplain PacedRequest minimum rate}.</li>
 * <li>requests that this server's own client signs in a header, without the body's
 * hash.</li>
 * <li>a browser's {@code OPTIONS}.</li>
 * </ul>
 * S3Proxy checks the signatures of all of them before it reads a body.
 */
final class EmbeddedGate extends Handler.Wrapper {

	private static final Set<String> SIGNED_URL_METHODS = Set.of("GET", "HEAD", "PUT");

	private static final int SEND_BUFFER = 1024 * 1024;

	private final String accessKeyId;

	private final Semaphore places;

	private final Semaphore readers;

	private final Duration turn;

	private final ObjectShares shares;

	private final Duration silence;

	private final Set<PacedRequest> uploads = ConcurrentHashMap.newKeySet();

	/**
	 * Guards a store whose clients sign with one key.
	 * @param silence how long a client of an upload URL may send nothing
	 */
	EmbeddedGate(Handler store, String accessKeyId, EmbeddedLimits limits, Duration silence) {
		super(store);
		this.accessKeyId = accessKeyId;
		this.places = new Semaphore(limits.requests(), true);
		this.readers = new Semaphore(limits.readers(), true);
		this.turn = limits.turn();
		this.shares = new ObjectShares(limits.requestsPerObject());
		this.silence = silence;
	}

	@Override
	public boolean handle(Request request, Response response, Callback callback) throws Exception {
		response.getHeaders().put("X-Content-Type-Options", "nosniff");
		if (isPreflight(request) || isOurClient(request)) {
			return super.handle(request, response, callback);
		}
		if (!isSignedUrl(request)) {
			return refuse(403, "AccessDenied", response, callback);
		}
		String object = request.getHttpURI().getPath();
		if (!this.shares.take(object)) {
			return refuse(503, "SlowDown", response, callback);
		}
		Request.addCompletionListener(request, (failure) -> this.shares.giveBack(object));
		if (!request.getMethod().equals("PUT") && !takes(this.readers, request)) {
			return refuse(503, "SlowDown", response, callback);
		}
		if (!takes(this.places, request)) {
			return refuse(503, "SlowDown", response, callback);
		}
		return super.handle(paced(request), response, callback);
	}

	/** Takes a place until the request ends. */
	private boolean takes(Semaphore free, Request request) throws InterruptedException {
		boolean taken = free.tryAcquire(0, TimeUnit.MILLISECONDS);
		if (!taken) {
			this.uploads.forEach(PacedRequest::hurry);
			taken = free.tryAcquire(this.turn.toMillis(), TimeUnit.MILLISECONDS);
		}
		if (taken) {
			Request.addCompletionListener(request, (failure) -> free.release());
		}
		return taken;
	}

	private PacedRequest paced(Request request) {
		PacedRequest paced = new PacedRequest(request, this.silence);
		EndPoint client = request.getConnectionMetaData().getConnection().getEndPoint();
		client.setIdleTimeout(this.silence.toMillis());
		limitBuffer(client);
		if (request.getMethod().equals("PUT")) {
			this.uploads.add(paced);
			Request.addCompletionListener(request, (failure) -> this.uploads.remove(paced));
		}
		return paced;
	}

	/**
	 * The kernel reports progress only after a third of its buffer, which may grow to
	 * several MB: a slow reader would seem to take nothing.
	 */
	private static void limitBuffer(EndPoint client) {
		if (client.getTransport() instanceof SocketChannel channel) {
			try {
				channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
			}
			catch (IOException ex) {
				// the connection is closed, which its next use shows
			}
		}
	}

	private static boolean isPreflight(Request request) {
		return request.getMethod().equals("OPTIONS") && !hasBody(request)
				&& !request.getHeaders().contains(HttpHeader.AUTHORIZATION);
	}

	/** The hash of an empty body costs nothing to check. */
	private boolean isOurClient(Request request) {
		HttpFields headers = request.getHeaders();
		String authorization = headers.get(HttpHeader.AUTHORIZATION);
		String bodyHash = headers.get("x-amz-content-sha256");
		return authorization != null
				&& authorization.startsWith("AWS4-HMAC-SHA256 Credential=" + this.accessKeyId + "/") && bodyHash != null
				&& (bodyHash.equals("UNSIGNED-PAYLOAD") || !hasBody(request))
				&& Request.extractQueryParameters(request).get("X-Amz-Algorithm") == null;
	}

	private static boolean hasBody(Request request) {
		HttpFields headers = request.getHeaders();
		return headers.contains(HttpHeader.TRANSFER_ENCODING) || headers.getLongField(HttpHeader.CONTENT_LENGTH) > 0;
	}

	private boolean isSignedUrl(Request request) {
		Fields query = Request.extractQueryParameters(request);
		String credential = query.getValue("X-Amz-Credential");
		return SIGNED_URL_METHODS.contains(request.getMethod())
				&& !request.getHeaders().contains(HttpHeader.AUTHORIZATION)
				&& "AWS4-HMAC-SHA256".equals(query.getValue("X-Amz-Algorithm"))
				&& query.getValue("X-Amz-Signature") != null && credential != null
				&& credential.startsWith(this.accessKeyId + "/") && !isInSignedChunks(request);
	}

	/** S3Proxy holds each chunk, of up to 16 MiB, in memory. */
	private static boolean isInSignedChunks(Request request) {
		String bodyHash = request.getHeaders().get("x-amz-content-sha256");
		return bodyHash != null && bodyHash.startsWith("STREAMING-");
	}

	/** The body is not read, and the connection is closed. */
	private static boolean refuse(int status, String code, Response response, Callback callback) {
		response.setStatus(status);
		response.getHeaders().put(HttpHeader.CONNECTION, "close");
		response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/xml");
		if (status == 503) {
			response.getHeaders().put("Retry-After", "5");
		}
		Content.Sink.write(response, true, "<?xml version=\"1.0\" encoding=\"" + StandardCharsets.UTF_8
				+ "\"?>\n<Error><Code>" + code + "</Code></Error>", callback);
		return true;
	}

}
