package dev.stowage.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.TreeSet;

/** The table of injected faults, on the console and in {@code target/faults.md}. */
final class Report {

	private static final Path FILE = Path.of("target/faults.md");

	private Report() {
	}

	/** One fault and its result. */
	static void row(Class<?> faults, String fault, int times, Seen seen, Seen seenOfStore, Audit audit) {
		if (!Files.exists(FILE)) {
			print("| fault | times | what clients saw | worst wait, s | acknowledged files | lost | wrong or extra"
					+ " | orphans after the sweep | run |");
			print("|---|---|---|---|---|---|---|---|---|");
		}
		String saw = "server: " + seen + (seenOfStore.toString().isEmpty() ? "" : "; store: " + seenOfStore);
		print("| %s | %,d | %s | %.1f | %,d | %d | %d | %d | %s |".formatted(fault, times, saw,
				Math.max(seen.worstSeconds(), seenOfStore.worstSeconds()), audit.acknowledged(), audit.lost().size(),
				audit.wrong().size(), audit.orphans().size(), command(faults)));
	}

	/** More about a fault. */
	static void note(String text) {
		System.out.println(text);
	}

	private static String command(Class<?> faults) {
		StringBuilder command = new StringBuilder("`-Dtest=" + faults.getSimpleName());
		for (String name : new TreeSet<>(System.getProperties().stringPropertyNames())) {
			if (name.startsWith("faults.") && !name.equals("faults.seed")) {
				command.append(" -D").append(name).append('=').append(System.getProperty(name));
			}
		}
		return command + " -Dfaults.seed=" + Scale.SEED + "`, " + LocalDate.now(ZoneOffset.UTC);
	}

	private static void print(String text) {
		System.out.println(text);
		try {
			Files.writeString(FILE, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
