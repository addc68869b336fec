package dev.stowage.bench;

import java.util.function.ToLongFunction;

import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/** Runs a class's JMH benchmark, in a JVM for each input, and prints GiB a second. */
public final class Throughput {

	private Throughput() {
	}

	/**
	 * Runs it.
	 * @param parameter the field that names the input
	 * @param length how many bytes an input has
	 */
	public static void print(Class<?> bench, String title, String parameter, ToLongFunction<String> length)
			throws RunnerException {
		Table table = new Table(bench, title, parameter, "GiB/s a core");
		OptionsBuilder options = new OptionsBuilder();
		options.include(bench.getName() + "\\.")
			.mode(Mode.Throughput)
			.forks(1)
			.warmupIterations(Scale.QUICK ? 2 : 3)
			.warmupTime(TimeValue.seconds(1))
			.measurementIterations(Scale.QUICK ? 3 : 5)
			.measurementTime(TimeValue.seconds(1))
			.jvmArgs("-Xmx512m")
			.shouldFailOnError(true)
			.verbosity(VerboseMode.SILENT);
		for (RunResult result : new Runner(options.build()).run()) {
			String input = result.getParams().getParam(parameter);
			double gib = length.applyAsLong(input) / (double) Scale.GIB;
			Statistics perSecond = result.getPrimaryResult().getStatistics();
			table.row(input,
					new Spread(perSecond.getPercentile(50) * gib, perSecond.getMin() * gib, perSecond.getMax() * gib)
						.with(2));
		}
	}

}
