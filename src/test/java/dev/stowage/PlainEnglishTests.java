package dev.stowage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps stiff and outdated phrases out of Javadoc, comments, messages and documents. The
 * identifiers of the code are not checked.
 */
class PlainEnglishTests {

	private static final List<Path> TEXTS = Stream
		.of("README.md", "docker-compose.yml", "src/docs", "src/main/helm", "src/main/java", "src/main/resources",
				"src/test/java", "src/bench/java", "src/faults/java")
		.map(Path::of)
		.toList();

	/**
	 * Not migrations: Flyway compares the checksums of those that a database has seen.
	 */
	private static final Pattern FILE = Pattern.compile("(?!PlainEnglishTests).*\\.(java|md|ya?ml|properties)");

	/** The comments and literals of Java, and whatever other files hold. */
	private static final Pattern JAVA_TEXT = Pattern.compile(
			"//[^\n]*|/\\*.*?\\*/|\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*+\"|'(?:\\\\.|[^'\\\\\n])'", Pattern.DOTALL);

	private static final Pattern ANY_TEXT = Pattern.compile(".+", Pattern.DOTALL);

	/** In a phrase, a space is also a line break, with what begins the next line. */
	private static final String SPACE = "\\\\s+(?:(?:\\\\*|//|#|--)\\\\s+)?";

	/** On each line a phrase, and what to write instead. */
	private static final String PHRASES = """
			(give[sn]?|giving|gave) up                => cancel, abandon, mark as failed
			(take[sn]?|taking|took) back              => roll back, undo, revoke
			for ever                                  => permanently
			oftener                                   => more often
			bring|brings|bringing|brought             => send, cause, include
			stands?(?! for)|standing|stood            => is, was
			so long                                   => how long, as long as
			so many                                   => this many
			ill or|(is|are|was|be) ill                => is failing
			(is|are|was|were|be|being) away|or away   => is unreachable
			(is|are|be) well                          => is healthy, is correct
			pass(es|ed|ing)? by                       => skip
			whoever|whomever                          => the caller, the client
			drip|drips|dripped|dripping               => send slowly
			be (they|it)(?! (is|was))                 => whether
			hitherto|thereof|whereupon|henceforth     => a modern word
			whence|thence|hence|lest|anew|naught|till => a modern word
			shall                                     => must, will
			need be                                   => necessary
			be had                                    => be obtained, be read
			out of reach                              => unreachable
			dearer                                    => more expensive
			(go|goes|going|went|gone) on              => continue, keep
			(go|goes|going|went|gone) away            => disconnect, stop
			(break|breaks|broke|broken) off           => abort
			in hand                                   => in progress
			in silence                                => silently
			in place of                               => instead of
			mend|mends|mended|mending                 => correct, repair
			leave to (?!the)                          => permission to
			once more                                 => again
			all the same                              => still
			next to nothing                           => almost nothing
			under way                                 => in progress
			time-outs?                                => timeout
			(hang|hangs|hung) up                      => disconnect
			(hand|hands|handed) out                   => return, issue
			(give|gives|gave|given) out               => issue
			past (the|this) (server|process)          => directly to the store
			told                                      => asked to, distinguished, reported
			(?<!(thing|body|one|where|who|what)[\\s*/#]{1,20})(?-i:[Ee]lse) => otherwise, other
			(past|through|to) us|of ours               => the server
			(copy|copies) of (the|this) server        => instance
			(other|another|several|many) cop(y|ies)(?! keys) => instance
			""";

	@Test
	void textIsWrittenInPlainEnglish() {
		assertThat(TEXTS.stream().flatMap(PlainEnglishTests::files).flatMap(PlainEnglishTests::findings)).isEmpty();
	}

	@Test
	void findsAPhraseInJavadocCommentsAndMessagesButNotInCode() {
		String source = """
				/**
				 * It has given
				 * up.
				 */
				int brings = 1; // for ever
				String text = "It stands here";
				""";
		assertThat(findings(Path.of("A.java"), source))
			.extracting((finding) -> finding.substring(0, finding.indexOf(' ')))
			.containsExactlyInAnyOrder("A.java:2:", "A.java:5:", "A.java:6:");
	}

	private static Stream<Path> files(Path root) {
		try (Stream<Path> files = Files.walk(root)) {
			return files.filter((file) -> FILE.matcher(file.getFileName().toString()).matches()).toList().stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Stream<String> findings(Path file) {
		try {
			return findings(file, Files.readString(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Stream<String> findings(Path file, String content) {
		Pattern text = file.toString().endsWith(".java") ? JAVA_TEXT : ANY_TEXT;
		List<MatchResult> texts = text.matcher(content).results().toList();
		return PHRASES.lines().map((line) -> line.split(" +=> ")).flatMap((entry) -> {
			Pattern phrase = phrase(entry[0]);
			return texts.stream()
				.flatMap((part) -> phrase.matcher(part.group())
					.results()
					.map((found) -> "%s:%d: '%s' (write: %s)".formatted(file,
							line(content, part.start() + found.start()), found.group(), entry[1])));
		});
	}

	private static Pattern phrase(String words) {
		return Pattern.compile("(?<![\\w-])(?:" + words.replaceAll(" ", SPACE) + ")(?![\\w-])",
				Pattern.CASE_INSENSITIVE);
	}

	private static long line(String content, int position) {
		return content.substring(0, position).lines().count();
	}

}
