package dev.stowage.http.limits;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.stowage.http.ClientAddress;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Counting wrong keys. */
class WrongKeysTests {

	private static final ClientAddress ADDRESS = ClientAddress.of("192.0.2.1");

	private static final ClientAddress OTHER = ClientAddress.of("192.0.2.2");

	private final StandingTime time = new StandingTime();

	private final WrongKeys keys = new WrongKeys(this.time::currentTimeNanos);

	@Test
	void slowThoseAfterTheTwentiethOfAMinuteMoreAndMore() {
		assertThat(pauses(ADDRESS, 20, Duration.ofSeconds(2))).containsOnly(0L);
		assertThat(pauses(ADDRESS, 7, Duration.ofSeconds(2))).containsExactly(250L, 500L, 1_000L, 2_000L, 4_000L,
				4_000L, 4_000L);
		assertThat(pauses(OTHER, 20, Duration.ZERO)).containsOnly(0L);
	}

	@Test
	void countWhatWasTooManyInTheNextMinute() {
		pauses(ADDRESS, 22, Duration.ZERO);
		this.time.pass(Duration.ofMinutes(1));
		assertThat(pauses(ADDRESS, 19, Duration.ZERO)).startsWith(0L, 0L).endsWith(0L, 250L);
		this.time.pass(Duration.ofMinutes(2));
		assertThat(pauses(ADDRESS, 20, Duration.ZERO)).containsOnly(0L);
		pauses(ADDRESS, 10_000, Duration.ZERO);
		this.time.pass(Duration.ofMinutes(1));
		assertThat(pauses(ADDRESS, 1, Duration.ZERO)).containsExactly(250L);
	}

	@Test
	void countANetworkOfIpv6AsOneAddress() {
		List<Long> pauses = new ArrayList<>();
		for (int i = 0; i < 21; i++) {
			pauses.addAll(pauses(ClientAddress.of("2001:db8::" + Integer.toHexString(i)), 1, Duration.ZERO));
		}
		assertThat(pauses).endsWith(0L, 250L);
		assertThat(pauses(ClientAddress.of("2001:db8:0:1::1"), 1, Duration.ZERO)).containsExactly(0L);
	}

	@Test
	void rememberTheAddressesThatSentOneLastAndNoMore() throws UnknownHostException {
		for (int i = 0; i < 200_000; i++) {
			if (i % 5_000 == 0) {
				this.keys.count(ADDRESS);
			}
			this.keys.count(ClientAddress.of(InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(i).array())));
		}
		assertThat(this.keys.addresses()).isEqualTo(WrongKeys.MOST_ADDRESSES);
		assertThat(this.keys.count(ADDRESS)).isPositive();
	}

	private List<Long> pauses(ClientAddress address, int count, Duration apart) {
		List<Long> pauses = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			pauses.add(this.keys.count(address).toMillis());
			this.time.pass(apart);
		}
		return pauses;
	}

}
