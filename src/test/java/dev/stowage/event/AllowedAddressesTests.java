package dev.stowage.event;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Which addresses events may be sent to. */
class AllowedAddressesTests {

	private static final AllowedAddresses PUBLIC = new AllowedAddresses(List.of(), true);

	@ParameterizedTest
	@ValueSource(strings = { "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1",
			"127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.168.1.1",
			"198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
			"::ffff:10.0.0.1", "::10.0.0.1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1",
			"2002:7f00:1::", "2001::1", "2001:db8::1", "64:ff9b::127.0.0.1", "64:ff9b::169.254.169.254",
			"64:ff9b:1::8.8.8.8", "100::1" })
	void areNoneOfPrivateOrSpecialNetworks(String address) throws UnknownHostException {
		assertThat(PUBLIC.isAllowed(InetAddress.getByName(address))).isFalse();
		assertThatExceptionOfType(AllowedAddresses.ForbiddenAddressException.class)
			.isThrownBy(() -> PUBLIC.resolve(address));
	}

	@ParameterizedTest
	@ValueSource(strings = { "1.1.1.1", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1", "172.15.0.1",
			"172.32.0.1", "223.255.255.255", "2606:4700::1111", "2a00::1", "::ffff:1.1.1.1", "64:ff9b::8.8.8.8" })
	void areAllPublicOnes(String address) throws UnknownHostException {
		assertThat(PUBLIC.resolve(address)).containsExactly(InetAddress.getByName(address));
		assertThat(new AllowedAddresses(List.of(), false).isAllowed(InetAddress.getByName(address)))
			.as("without encryption")
			.isFalse();
	}

	@Test
	void includeThoseThatTheSettingNames() throws UnknownHostException {
		AllowedAddresses some = new AllowedAddresses(
				List.of(network("10.1.0.0/16"), network("fd00::/8"), network("192.168.0.7")), false);
		assertThat(List.of("10.1.0.1", "10.1.255.255", "fd12::1", "192.168.0.7"))
			.allSatisfy((address) -> assertThat(some.isAllowed(InetAddress.getByName(address))).isTrue());
		assertThat(List.of("10.2.0.1", "11.1.0.1", "fe80::1", "192.168.0.8", "0.0.0.0"))
			.allSatisfy((address) -> assertThat(some.isAllowed(InetAddress.getByName(address))).isFalse());
	}

	/** The name is one of those that every machine has. */
	@Test
	void areCheckedBehindAName() {
		assertThatExceptionOfType(AllowedAddresses.ForbiddenAddressException.class)
			.isThrownBy(() -> PUBLIC.resolve("localhost"))
			.withMessageContaining("stowage.webhook.allowed-networks");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "localhost", "10.0.0.0/33", "fd00::/129", "10.0.0/8", "999.0.0.1", "10.0.0.0/",
			"10.0.0.0/-1", "a.b.c.d/8", ":/8", "fe80::1%lo" })
	void areNotNamedByWhatIsNoNetwork(String text) {
		assertThat(Network.parse(text)).isEmpty();
	}

	private static Network network(String text) {
		return Network.parse(text).orElseThrow();
	}

}
