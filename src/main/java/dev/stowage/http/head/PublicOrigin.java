package dev.stowage.http.head;

import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.util.NetMaskSet;
import org.apache.catalina.valves.RemoteIpValve;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;

/**
 * Gives a request that came through a trusted proxy the scheme, name and port that the
 * client used, so that the server knows its own origin. Tomcat's own valve knows neither
 * {@code Forwarded} nor the port in a forwarded host, nor names with an underscore. Of
 * several proxies, the one that the client reached counts.
 */
final class PublicOrigin extends ValveBase {

	private static final Pattern HOST = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[0-9a-zA-Z._-]+)(?::([0-9]{1,5}))?");

	private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

	private static final int HTTP = 80;

	private static final int HTTPS = 443;

	private final Predicate<String> trusted;

	/**
	 * Makes one.
	 * @param proxies knows which proxies are trusted
	 */
	PublicOrigin(RemoteIpValve proxies) {
		super(true);
		this.trusted = among(proxies.getInternalProxies()).or(among(proxies.getTrustedProxies()));
	}

	/** Understands networks and regular expressions, as Tomcat's valve does. */
	private static Predicate<String> among(@Nullable String addresses) {
		if (addresses == null || addresses.isEmpty()) {
			return (address) -> false;
		}
		if (!addresses.contains("/")) {
			return Pattern.compile(addresses).asMatchPredicate();
		}
		NetMaskSet networks = NetMaskSet.parse(addresses);
		return (address) -> contains(networks, address);
	}

	private static boolean contains(NetMaskSet networks, String address) {
		try {
			return networks.contains(address);
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		if (this.trusted.test(request.getPeerAddr())) {
			apply(request);
		}
		getNext().invoke(request, response);
	}

	private static void apply(Request request) {
		Optional<String> scheme = forwarded(request, "Proto").map((it) -> it.toLowerCase(Locale.ROOT))
			.filter((it) -> it.equals("http") || it.equals("https"));
		Optional<Matcher> host = forwarded(request, "Host").map(HOST::matcher).filter(Matcher::matches);
		Optional<String> port = forwarded(request, "Port").filter((it) -> PORT.matcher(it).matches());
		if (scheme.isEmpty() && host.isEmpty() && port.isEmpty()) {
			return;
		}
		scheme.ifPresent((it) -> {
			request.getCoyoteRequest().scheme().setString(it);
			request.setSecure(it.equals("https"));
		});
		host.ifPresent((it) -> request.getCoyoteRequest().serverName().setString(it.group(1)));
		request.setServerPort(host.map((it) -> it.group(2))
			.or(() -> port)
			.or(() -> host.isPresent() ? Optional.empty() : sentPort(request))
			.map(Integer::parseInt)
			.orElse(request.getScheme().equals("https") ? HTTPS : HTTP));
	}

	/** The port in the Host header that the proxy sent. */
	private static Optional<String> sentPort(Request request) {
		return Optional.ofNullable(request.getHeader("Host"))
			.map(HOST::matcher)
			.filter(Matcher::matches)
			.map((it) -> it.group(2));
	}

	private static Optional<String> forwarded(Request request, String what) {
		return Optional.ofNullable(request.getHeader("X-Forwarded-" + what))
			.map((value) -> value.split(",", 2)[0].strip())
			.or(() -> Optional.ofNullable(request.getHeader("Forwarded"))
				.flatMap((value) -> ForwardedHeader.first(value, what)));
	}

}
