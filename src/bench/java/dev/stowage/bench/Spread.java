package dev.stowage.bench;

import java.util.Collection;
import java.util.Locale;

/** The median of the measured values, with the least and the most. */
public record Spread(double median, double least, double most) {

	/** Of at least one figure. */
	public static Spread of(Collection<Double> figures) {
		double[] sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
		int middle = sorted.length / 2;
		double median = (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
		return new Spread(median, sorted[0], sorted[sorted.length - 1]);
	}

	/** With a number of decimals. */
	public String with(int decimals) {
		String number = "%,." + decimals + "f";
		return String.format(Locale.ROOT, number + " (" + number + "–" + number + ")", this.median, this.least,
				this.most);
	}

}
