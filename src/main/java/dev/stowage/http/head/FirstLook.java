package dev.stowage.http.head;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

import dev.stowage.http.path.PathAlias;
import dev.stowage.http.path.RequestPath;
import jakarta.servlet.RequestDispatcher;
import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.coyote.http11.Http11InputBuffer;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.res.StringManager;

import org.springframework.http.HttpHeaders;

/**
 * The first to see each request after Tomcat has read its head. It gives the path its one
 * spelling, and an alias the path of its route. A request that Tomcat has refused gets
 * the reason as an attribute, and a path that leads to the container's first step, which
 * answers it.
 */
public final class FirstLook implements Adapter {

	private static final String TOO_LARGE = StringManager.getManager(Http11InputBuffer.class)
		.getString("iib.requestheadertoolarge.error");

	private static final Set<String> NOT_SERVED = Set.of("TRACE", "CONNECT");

	private static final String ANY_PATH = "*";

	private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");

	private final Adapter container;

	public FirstLook(Adapter container) {
		this.container = container;
	}

	@Override
	public void service(Request request, Response response) throws Exception {
		Optional<UnreadableRequest> reason = reason(request, response);
		if (reason.isPresent()) {
			request.setAttribute(UnreadableRequest.ATTRIBUTE, reason.get());
			if (!"HEAD".equals(request.getMethod())) {
				// the answer does not depend on it, and it may not be one
				request.setMethod("GET");
			}
			setPath(request, "/");
		}
		else if (!path(request).equals(ANY_PATH)) {
			setRoute(request, RequestPath.of(path(request)));
		}
		this.container.service(request, response);
	}

	private static String path(Request request) {
		if (request.requestURI().isNull()) {
			return "";
		}
		ByteChunk path = request.requestURI().getByteChunk();
		return new String(path.getBytes(), path.getStart(), path.getLength(), StandardCharsets.ISO_8859_1);
	}

	private static void setRoute(Request request, String path) {
		Optional<String> route = PathAlias.route(path);
		if (route.isPresent()) {
			request.setAttribute(PathAlias.ATTRIBUTE, path);
		}
		setPath(request, route.orElse(path));
	}

	private static void setPath(Request request, String path) {
		byte[] bytes = path.getBytes(StandardCharsets.US_ASCII);
		request.requestURI().setBytes(bytes, 0, bytes.length);
	}

	private static Optional<UnreadableRequest> reason(Request request, Response response) {
		if (request.getAttribute(UnreadableRequest.ATTRIBUTE) instanceof UnreadableRequest known) {
			return Optional.of(known);
		}
		return switch (response.getStatus()) {
			case 200 -> reason(request);
			case 400 -> Optional.of(badRequest(request));
			case 417 -> Optional.of(UnreadableRequest.EXPECTATION);
			case 501 -> Optional.of(UnreadableRequest.TRANSFER_ENCODING);
			case 503 -> Optional.of(UnreadableRequest.STOPPING);
			case 505 -> Optional.of(UnreadableRequest.VERSION);
			default -> Optional.of(UnreadableRequest.FAILURE);
		};
	}

	/** Why a request is refused that Tomcat could read. */
	private static Optional<UnreadableRequest> reason(Request request) {
		String path = path(request);
		if (NOT_SERVED.contains(request.getMethod())) {
			return Optional.of(UnreadableRequest.METHOD);
		}
		boolean isPath = path.startsWith("/") || (path.equals(ANY_PATH) && request.getMethod().equals("OPTIONS"));
		return isPath ? Optional.empty() : Optional.of(UnreadableRequest.REQUEST);
	}

	private static UnreadableRequest badRequest(Request request) {
		Object error = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
		if (error instanceof Throwable thrown) {
			if (TOO_LARGE.equals(thrown.getMessage())) {
				return request.requestURI().isNull() ? UnreadableRequest.URL_TOO_LONG
						: UnreadableRequest.HEADERS_TOO_LARGE;
			}
			// how Tomcat reports too many of them
			return (thrown instanceof IllegalStateException) ? UnreadableRequest.HEADERS_TOO_LARGE
					: UnreadableRequest.REQUEST;
		}
		if (values(request, HttpHeaders.HOST).size() != 1) {
			return UnreadableRequest.HOST;
		}
		List<String> lengths = values(request, HttpHeaders.CONTENT_LENGTH);
		boolean isLengthClear = lengths.isEmpty()
				|| (lengths.size() == 1 && LENGTH.matcher(lengths.getFirst()).matches());
		return (isLengthClear && values(request, HttpHeaders.TRANSFER_ENCODING).isEmpty()) ? UnreadableRequest.REQUEST
				: UnreadableRequest.FRAMING;
	}

	private static List<String> values(Request request, String header) {
		return Collections.list(request.getMimeHeaders().values(header));
	}

	@Override
	public boolean prepare(Request request, Response response) throws Exception {
		return this.container.prepare(request, response);
	}

	@Override
	public boolean asyncDispatch(Request request, Response response, SocketEvent event) throws Exception {
		return this.container.asyncDispatch(request, response, event);
	}

	@Override
	public void log(Request request, Response response, long time) {
		this.container.log(request, response, time);
	}

	@Override
	public void checkRecycled(Request request, Response response) {
		this.container.checkRecycled(request, response);
	}

	@Override
	public String getDomain() {
		return this.container.getDomain();
	}

}
