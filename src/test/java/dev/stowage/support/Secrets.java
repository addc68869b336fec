package dev.stowage.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.stowage.keys.KeyHash;

/**
 * The keys and tokens that tests use, of all processes of a run. None of them, nor a hash
 * of one, may be in a log, a metric, an error or the name of a thread.
 */
public final class Secrets {

	/** A shorter key is a text that any line may contain. */
	private static final int SHORTEST = 16;

	/** What the server itself makes: managed keys, and signatures; and tokens. */
	private static final Pattern SHAPES = Pattern.compile("sk-[0-9A-Za-z]{61}\\b"
			+ "|eyJ[0-9A-Za-z_-]{8,}\\.eyJ[0-9A-Za-z_-]{8,}\\.|(?i:X-Amz-Signature=)[0-9a-f]{64}");

	/** Where the search for a shape is worth its time. */
	private static final Pattern HINT = Pattern.compile("sk-|eyJ|Signature=|signature=");

	/** How many characters of a secret are looked up. */
	private static final int START = 8;

	/** The first key of an empty server is printed once, for its operator. */
	private static final String FIRST_KEY = "  export API_KEY=";

	private static final Path folder = Path.of("target", "secrets");

	private static final Path own = folder.resolve(ProcessHandle.current().pid() + ".txt");

	private static final Set<String> noted = ConcurrentHashMap.newKeySet();

	private Secrets() {
	}

	/** Notes a key or token that a test is about to use. */
	static void note(String secret) {
		if (secret.length() < SHORTEST || !noted.add(secret)) {
			return;
		}
		try {
			Files.createDirectories(folder);
			Files.writeString(own, secret + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Requires that a text has no secret that this process has noted. */
	static void requireNoneIn(String what, String text) {
		Predicate<String> search = search(noted.stream());
		text.lines().filter(search).findAny().ifPresent((line) -> {
			throw new AssertionError("There is a secret in " + what + ": " + line);
		});
	}

	/** Requires that an answer does not repeat the key that it was asked with. */
	static void requireNotIn(Answer answer, String key) {
		if (key.length() >= SHORTEST && (answer.response().headers() + answer.body()).contains(key)) {
			throw new AssertionError("There is a key in the answer " + answer);
		}
	}

	/** Finds lines with a secret that any process of this run has noted. */
	public static Predicate<String> search() throws IOException {
		Set<String> all = new TreeSet<>();
		try (Stream<Path> files = Files.exists(folder) ? Files.list(folder) : Stream.empty()) {
			for (Path file : files.toList()) {
				all.addAll(Files.readAllLines(file));
			}
		}
		return search(all.stream());
	}

	private static Predicate<String> search(Stream<String> secrets) {
		Map<String, List<String>> byStart = secrets.flatMap(Secrets::formsOf)
			.collect(Collectors.groupingBy((form) -> form.substring(0, START)));
		Predicate<String> shaped = SHAPES.asPredicate();
		return (line) -> !line.startsWith(FIRST_KEY)
				&& (hasOneOf(byStart, line) || (HINT.matcher(line).find() && shaped.test(line)));
	}

	/** In a time that does not depend on how many there are. */
	private static boolean hasOneOf(Map<String, List<String>> byStart, String line) {
		for (int i = 0; i + SHORTEST <= line.length(); i++) {
			int at = i;
			if (byStart.getOrDefault(line.substring(i, i + START), List.of())
				.stream()
				.anyMatch((form) -> line.startsWith(form, at))) {
				return true;
			}
		}
		return false;
	}

	/** It, its hash, and the hash of the secret part of a managed one. */
	private static Stream<String> formsOf(String secret) {
		String inner = (secret.length() == 64) ? secret.substring(15, 58) : secret;
		return Stream.concat(Stream.of(secret), Stream.of(secret, inner).flatMap((text) -> {
			String hash = KeyHash.of(text).hex();
			return Stream.of(hash, Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hash)));
		}));
	}

}
