package dev.stowage.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What counts as one address: in IPv6 a network of 64 bits, because a client that has one
 * address in it has all of them.
 */
public record ClientAddress(String text) {

	private static final int IPV6_NETWORK = 8;

	private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

	public static ClientAddress of(InetAddress address) {
		return new ClientAddress((address instanceof Inet6Address)
				? HexFormat.of().formatHex(address.getAddress(), 0, IPV6_NETWORK) : address.getHostAddress());
	}

	/** Makes no DNS lookup, even if a proxy forwards a host name. */
	public static ClientAddress of(String address) {
		if (IPV6.matcher(address).matches()) {
			try {
				return of(InetAddress.getByName(address));
			}
			catch (UnknownHostException ex) {
				// as it is
			}
		}
		return new ClientAddress(address);
	}

}
