package dev.stowage.event;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves the name of the receiver to those of its addresses that may be connected to:
 * what is checked here is what the client connects to. An address is allowed if it is in
 * one of the networks of the setting, or if it is public and the connection is encrypted.
 */
final class AllowedAddresses implements DnsResolver {

	/** From the IANA's special-purpose address registries, and multicast. */
	private static final List<Network> NOT_PUBLIC = networks("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
			"169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
			"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "2001::/23", "2001:db8::/32",
			"2002::/16", "3fff::/20");

	/** All other addresses of IPv6 are special, or not in use. */
	private static final List<Network> GLOBAL = networks("0.0.0.0/0", "2000::/3");

	/** Its last four bytes are an address of IPv4, to which a gateway connects. */
	private static final List<Network> NAT64 = networks("64:ff9b::/96");

	private static final int IPV4_IN_IPV6 = 12;

	private final List<Network> allowed;

	private final boolean publicToo;

	/**
	 * Makes one.
	 * @param publicToo whether public addresses are allowed, too
	 */
	AllowedAddresses(List<Network> allowed, boolean publicToo) {
		this.allowed = List.copyOf(allowed);
		this.publicToo = publicToo;
	}

	private static List<Network> networks(String... texts) {
		return Stream.of(texts).flatMap((text) -> Network.parse(text).stream()).toList();
	}

	/**
	 * The allowed ones of a host's addresses.
	 * @throws ForbiddenAddressException if it has addresses, and none is allowed
	 */
	@Override
	public InetAddress[] resolve(String host) throws UnknownHostException {
		InetAddress[] usable = Arrays.stream(InetAddress.getAllByName(host))
			.filter(this::isAllowed)
			.toArray(InetAddress[]::new);
		if (usable.length == 0) {
			throw new ForbiddenAddressException();
		}
		return usable;
	}

	boolean isAllowed(InetAddress address) {
		return isIn(this.allowed, address) || (this.publicToo && isPublic(address));
	}

	static boolean isPublic(InetAddress address) {
		if (isIn(NAT64, address)) {
			byte[] bytes = address.getAddress();
			try {
				return isPublic(InetAddress.getByAddress(Arrays.copyOfRange(bytes, IPV4_IN_IPV6, bytes.length)));
			}
			catch (UnknownHostException ex) {
				return false;
			}
		}
		return isIn(GLOBAL, address) && !isIn(NOT_PUBLIC, address);
	}

	private static boolean isIn(List<Network> networks, InetAddress address) {
		return networks.stream().anyMatch((network) -> network.contains(address));
	}

	@Override
	public String resolveCanonicalHostname(String host) {
		return host;
	}

	/** The name of the receiver leads only to addresses that are not allowed. */
	static final class ForbiddenAddressException extends UnknownHostException {

		ForbiddenAddressException() {
			super("none of its addresses is public or in stowage.webhook.allowed-networks");
		}

	}

}
