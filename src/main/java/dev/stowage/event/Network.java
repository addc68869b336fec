package dev.stowage.event;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of addresses.
 *
 * @param length in bytes: 4 or 16
 * @param prefix its first bits, which are those of each address in it
 * @param rest how many bits of an address follow
 */
record Network(int length, BigInteger prefix, int rest) {

	/** An address that no lookup can give another meaning, and a number of bits. */
	private static final Pattern CIDR = Pattern
		.compile("(\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*)(?:/(\\d{1,3}))?");

	/** Reads {@code 10.0.0.0/8}, {@code fd00::/8} or an address alone. */
	static Optional<Network> parse(String text) {
		Matcher parts = CIDR.matcher(text);
		if (!parts.matches()) {
			return Optional.empty();
		}
		try {
			byte[] address = InetAddress.getByName(parts.group(1)).getAddress();
			int all = address.length * Byte.SIZE;
			int bits = (parts.group(2) != null) ? Integer.parseInt(parts.group(2)) : all;
			return (bits <= all)
					? Optional
						.of(new Network(address.length, new BigInteger(1, address).shiftRight(all - bits), all - bits))
					: Optional.empty();
		}
		catch (UnknownHostException ex) {
			return Optional.empty();
		}
	}

	boolean contains(InetAddress address) {
		byte[] bytes = address.getAddress();
		return bytes.length == this.length && new BigInteger(1, bytes).shiftRight(this.rest).equals(this.prefix);
	}

}
