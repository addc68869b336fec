package dev.stowage.support;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Prometheus would read at one time: series, each with its value. */
public record Scrape(Map<String, Double> series) {

	private static final Pattern LINE = Pattern.compile("([a-z0-9_]+)(\\{.*})? (\\S+)");

	/** Reads a server's metrics with the key to them. */
	public static Scrape of(StowageServer server, String key) {
		return of(server.with(key));
	}

	/** Reads the metrics that a caller with the key to them gets. */
	public static Scrape of(Caller caller) {
		Answer answer = caller.get("/actuator/prometheus");
		if (answer.status() != 200) {
			throw new AssertionError(answer);
		}
		Map<String, Double> series = new TreeMap<>();
		answer.body().lines().filter((line) -> !line.startsWith("#")).forEach((line) -> {
			Matcher parts = LINE.matcher(line);
			if (!parts.matches()) {
				throw new AssertionError(line);
			}
			series.put(line.substring(0, parts.start(3) - 1), Double.valueOf(parts.group(3)));
		});
		return new Scrape(series);
	}

	/** The names of all metrics. */
	public Set<String> names() {
		Set<String> names = new TreeSet<>();
		this.series.keySet().forEach((one) -> names.add(one.replaceFirst("\\{.*", "")));
		return names;
	}

	/** The sum of a metric's series that have all of these labels. */
	public double sum(String name, String... labels) {
		return this.series.entrySet()
			.stream()
			.filter((one) -> one.getKey().equals(name) || one.getKey().startsWith(name + "{"))
			.filter((one) -> Arrays.stream(labels).allMatch(one.getKey()::contains))
			.mapToDouble(Map.Entry::getValue)
			.sum();
	}

}
