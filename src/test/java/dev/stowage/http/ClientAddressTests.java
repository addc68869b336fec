package dev.stowage.http;

import java.net.InetAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Which clients count as one. */
class ClientAddressTests {

	@ParameterizedTest
	@CsvSource({ "192.0.2.1, 192.0.2.1", "2001:db8::1, 2001:db8:0:0:ffff::2", "2001:db8::1, 2001:DB8:0:0:0:0:0:1",
			"::ffff:192.0.2.1, 192.0.2.1" })
	void areOne(String one, String other) throws Exception {
		assertThat(ClientAddress.of(one)).isEqualTo(ClientAddress.of(other))
			.isEqualTo(ClientAddress.of(InetAddress.getByName(other)));
	}

	@ParameterizedTest
	@CsvSource({ "192.0.2.1, 192.0.2.2", "2001:db8::1, 2001:db8:0:1::1", "unknown, 192.0.2.1" })
	void areTwo(String one, String other) {
		assertThat(ClientAddress.of(one)).isNotEqualTo(ClientAddress.of(other));
	}

	@Test
	void areTakenAsTheyAreWhereTheyAreNoAddresses() {
		assertThat(ClientAddress.of("proxy.invalid").text()).isEqualTo("proxy.invalid");
		assertThat(ClientAddress.of("::::").text()).isEqualTo("::::");
	}

}
