package dev.stowage.http.overload;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** How many of a number of places one holder gets. */
class PlacesTests {

	@ParameterizedTest
	@CsvSource({ "1000, 90, 900", "1000, 75, 750", "1000, 50, 500", "1000, 100, 1000", "1, 90, 1", "2, 75, 2",
			"9, 90, 9", "1, 1, 1", "0, 90, 0" })
	void giveOneThatIsAloneItsShare(int count, int percent, int share) {
		assertThat(taken(new Places(count, percent), "alone")).isEqualTo(share);
	}

	@Test
	void giveEachOfSeveralTheSameAndLeaveSomeForTheNext() {
		Places places = new Places(1000, 75);
		int[] held = new int[4];
		for (int i = 0; i < 1000; i++) {
			held[i % 4] += places.take(i % 4) ? 1 : 0;
		}
		assertThat(held).containsOnly(231);
		assertThat(taken(places, "next")).isEqualTo(57);
	}

	@Test
	void giveNoMoreToOneThatHasMoreThanItsShareBecauseOthersCame() {
		Places places = new Places(100, 75);
		taken(places, "first");
		taken(places, "second");
		places.leave("first");
		assertThat(places.take("first")).isFalse();
		assertThat(places.take("third")).isTrue();
	}

	@Test
	void giveAllToWhoeverNeedsNoShare() {
		Places places = new Places(10, 1);
		for (int i = 0; i < 10; i++) {
			assertThat(places.takeAny("owner")).isTrue();
		}
		assertThat(places.takeAny("owner")).isFalse();
		assertThat(places.takeAny("other")).isFalse();
	}

	@Test
	void areAllFreeWhenAllHaveLeft() {
		Places places = new Places(10, 50);
		int taken = taken(places, "a");
		for (int i = 0; i < taken; i++) {
			places.leave("a");
		}
		assertThat(places.free()).isEqualTo(10);
		assertThat(taken(places, "a")).isEqualTo(taken);
	}

	private static int taken(Places places, Object holder) {
		int taken = 0;
		while (places.take(holder)) {
			taken++;
		}
		return taken;
	}

}
