package dev.stowage.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A markdown table that names its origin. Each row goes to the console as soon as it is
 * known, and to {@code target/bench.md}.
 */
public final class Table {

	private static final Path FILE = Path.of("target/bench.md");

	/** Begins one under a heading. */
	public Table(Class<?> bench, String title, String... columns) {
		print("\n### " + title + "\n\n`" + command(bench) + "`, " + LocalDate.now(ZoneOffset.UTC) + ", "
				+ Runtime.getRuntime().availableProcessors() + " shared cores (" + processor() + "), JDK "
				+ Runtime.version().feature()
				+ (isOfServer(bench) ? ", server with `" + String.join(" ", Scale.JAVA_OPTIONS) + "`" : "")
				+ ", medians (least–most).\n");
		row((Object[]) columns);
		print("|" + String.join("|", Collections.nCopies(columns.length, "---")) + "|");
	}

	private static String processor() {
		try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
			return lines.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.replaceFirst(".*: ", ""))
				.findFirst()
				.orElse(System.getProperty("os.arch"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean isOfServer(Class<?> bench) {
		return bench.getPackage().equals(Table.class.getPackage());
	}

	private static String command(Class<?> bench) {
		StringBuilder command = new StringBuilder("./mvnw -Pbench verify -Dtest=" + bench.getSimpleName());
		for (String name : new TreeSet<>(System.getProperties().stringPropertyNames())) {
			if (name.startsWith("bench.")) {
				command.append(" -D" + name + "=" + System.getProperty(name));
			}
		}
		return command.toString();
	}

	/** Adds a row. */
	public void row(Object... cells) {
		print("| " + String.join(" | ", List.of(cells).stream().map(Object::toString).toList()) + " |");
	}

	private static void print(String text) {
		System.out.println(text);
		try {
			Files.writeString(FILE, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new IllegalStateException("Cannot write " + FILE, ex);
		}
	}

	static String mib(long bytes) {
		return "%,d MiB".formatted(Math.round(bytes / (double) Scale.MIB));
	}

	/** Formats a file's size: 4 KiB, 64 MiB or 1 GiB. */
	static String size(long bytes) {
		if (bytes < Scale.MIB) {
			return bytes / Scale.KIB + " KiB";
		}
		return (bytes < Scale.GIB) ? bytes / Scale.MIB + " MiB" : bytes / Scale.GIB + " GiB";
	}

}
