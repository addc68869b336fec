package dev.stowage.bench;

import java.util.List;
import java.util.Optional;

/** A table of what contenders took. */
final class Comparison {

	private static final String NONE = "–";

	private final Table table;

	private final Work work;

	private final Contender floor;

	private final Contender jar;

	private final Optional<Contender> peer;

	Comparison(String title, Work work, Contender floor, Contender jar, Optional<Contender> peer) {
		this.table = new Table(FloorBench.class, title, "program", "state", "CPU-s per " + work.unit(),
				"beside the floor", "beside Fastify" + (peer.isPresent() ? "" : " (no node here)"),
				"beside the plain jar", "beside warm", work.unit() + " a second", "CPU-s of the start");
		this.work = work;
		this.floor = floor;
		this.jar = jar;
		this.peer = peer;
	}

	/** Adds the rows of one that was measured cold and warm. */
	void both(Contender contender) {
		Spread cold = perUnit(contender.cold());
		Spread warm = perUnit(contender.warm());
		cold(contender, "%.2f".formatted(cold.median() / warm.median()));
		row(contender.name(), "after " + this.work.amount(this.work.warmUp()), contender.warm(), this.floor.warm(),
				this.peer.map(Contender::warm), NONE, NONE, NONE);
	}

	/** Adds the row of one that was measured cold. */
	void cold(Contender contender) {
		cold(contender, NONE);
	}

	private void cold(Contender contender, String besideWarm) {
		row(contender.name(), "first " + this.work.amount(this.work.first()), contender.cold(), this.floor.cold(),
				this.peer.map(Contender::cold), ratio(contender.cold(), this.jar.cold()), besideWarm,
				Turns.spread(contender.starts(), Sample::cpuSeconds).with(2));
	}

	private void row(String name, String state, List<Sample> samples, List<Sample> floor, Optional<List<Sample>> peer,
			String besideJar, String besideWarm, String start) {
		this.table.row(name, state, perUnit(samples).with(2), ratio(samples, floor),
				peer.map((others) -> ratio(samples, others)).orElse(NONE), besideJar, besideWarm,
				Turns.spread(samples, (sample) -> sample.perSecond() / this.work.perUnit()).with(2), start);
	}

	private Spread perUnit(List<Sample> samples) {
		return Turns.spread(samples, (sample) -> sample.cpuPer(this.work.perUnit()));
	}

	private static String ratio(List<Sample> samples, List<Sample> others) {
		return Turns.cpuRatio(samples, others).with(2);
	}

}
