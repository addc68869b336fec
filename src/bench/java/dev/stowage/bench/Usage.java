package dev.stowage.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process has used so far, as Linux counts it.
 *
 * @param cpuSeconds user and system time of all its threads
 * @param rss resident bytes now
 * @param peakRss the most resident bytes so far
 * @param written bytes that it caused to go to a disk
 */
public record Usage(double cpuSeconds, long rss, long peakRss, long written) {

	/** USER_HZ, which is 100 on every platform of the JVM. */
	private static final double TICKS_PER_SECOND = 100;

	public static Usage of(long pid) throws IOException {
		Path process = Path.of("/proc", Long.toString(pid));
		String stat = Files.readString(process.resolve("stat"));
		// the name before may hold blanks; after it, user and system time are the 12th
		// and 13th
		String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
		double ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
		return new Usage(ticks / TICKS_PER_SECOND, 1024 * number(process.resolve("status"), "VmRSS:"),
				1024 * number(process.resolve("status"), "VmHWM:"), number(process.resolve("io"), "write_bytes:"));
	}

	private static long number(Path file, String name) throws IOException {
		return Files.readAllLines(file)
			.stream()
			.filter((line) -> line.startsWith(name))
			.map((line) -> Long.valueOf(line.substring(name.length()).replace("kB", "").strip()))
			.findFirst()
			.orElseThrow();
	}

}
