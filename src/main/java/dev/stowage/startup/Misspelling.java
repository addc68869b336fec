package dev.stowage.startup;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Finds the known word that a misspelt one was meant to be. */
final class Misspelling {

	/** How many letters may be wrong, missing or too many. */
	private static final int SLIPS = 2;

	private Misspelling() {
	}

	/**
	 * The nearest of the words, if one is near enough.
	 * @param written the word, in the same notation that {@code plain} produces
	 */
	static Optional<String> of(String written, Collection<String> words, UnaryOperator<String> plain) {
		return words.stream()
			.min(Comparator.comparingInt((word) -> distance(written, plain.apply(word))))
			.filter((word) -> distance(written, plain.apply(word)) <= SLIPS);
	}

	/** The Levenshtein distance: how many letters to replace, add or remove. */
	private static int distance(String one, String other) {
		int[] row = new int[other.length() + 1];
		for (int column = 0; column < row.length; column++) {
			row[column] = column;
		}
		for (int i = 1; i <= one.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j < row.length; j++) {
				int replaced = diagonal + ((one.charAt(i - 1) == other.charAt(j - 1)) ? 0 : 1);
				diagonal = row[j];
				row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[other.length()];
	}

}
