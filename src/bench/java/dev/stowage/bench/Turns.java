package dev.stowage.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Two ways to do the same work, in turn, A B A B, so that other load of the machine
 * affects both. The first rounds of each only warm up.
 */
record Turns(List<Sample> through, List<Sample> direct) {

	private static final Sample NONE = new Sample(0, 0, 0);

	static Turns take(Callable<Sample> through, Callable<Sample> direct) throws Exception {
		warmUp(through, direct);
		Turns turns = new Turns(new ArrayList<>(), new ArrayList<>());
		for (int pair = 0; pair < Scale.PAIRS; pair++) {
			turns.through.add(through.call());
			turns.direct.add(direct.call());
		}
		return turns;
	}

	/** Does work, each kind at least once, for as long as a JVM takes to become fast. */
	static void warmUp(Callable<?> one, Callable<?> other) throws Exception {
		long end = System.nanoTime() + Scale.WARM_UP.toNanos();
		do {
			one.call();
			other.call();
		}
		while (System.nanoTime() < end);
	}

	/** One way alone. */
	static List<Sample> alone(Callable<Sample> way) throws Exception {
		return take(way, () -> NONE).through();
	}

	/** How fast the first way is as a share of the second, pair by pair. */
	String share() {
		return Spread
			.of(IntStream.range(0, this.through.size())
				.mapToObj((pair) -> this.through.get(pair).perSecond() / this.direct.get(pair).perSecond())
				.toList())
			.with(2);
	}

	/** The CPU of a piece of work as a multiple of that of others, pair by pair. */
	static Spread cpuRatio(List<Sample> samples, List<Sample> others) {
		return Spread.of(IntStream.range(0, samples.size())
			.mapToObj((pair) -> samples.get(pair).cpuPer(1) / others.get(pair).cpuPer(1))
			.toList());
	}

	static Spread spread(List<Sample> samples, ToDoubleFunction<Sample> figure) {
		return Spread.of(samples.stream().map(figure::applyAsDouble).toList());
	}

}
