package dev.stowage.file;

import java.util.List;
import java.util.Optional;

/**
 * What a file is for, in the words of both APIs, or in a further word that an operator
 * allowed.
 *
 * @param name what the database calls it
 * @param wireName the name in requests and answers
 */
public record Purpose(String name, String wireName) {

	public static final Purpose FINE_TUNE = new Purpose("FINE_TUNE", "fine-tune");

	public static final Purpose ASSISTANTS = new Purpose("ASSISTANTS", "assistants");

	public static final Purpose BATCH = new Purpose("BATCH", "batch");

	public static final Purpose USER_DATA = new Purpose("USER_DATA", "user_data");

	public static final Purpose VISION = new Purpose("VISION", "vision");

	public static final Purpose EVALS = new Purpose("EVALS", "evals");

	public static final Purpose CONTEXT = new Purpose("CONTEXT", "context");

	public static final Purpose ASSISTANTS_OUTPUT = new Purpose("ASSISTANTS_OUTPUT", "assistants_output");

	public static final Purpose BATCH_OUTPUT = new Purpose("BATCH_OUTPUT", "batch_output");

	public static final Purpose FINE_TUNE_RESULTS = new Purpose("FINE_TUNE_RESULTS", "fine-tune-results");

	/** What this server knows by itself. */
	public static final List<Purpose> BUILT_IN = List.of(FINE_TUNE, ASSISTANTS, BATCH, USER_DATA, VISION, EVALS,
			CONTEXT, ASSISTANTS_OUTPUT, BATCH_OUTPUT, FINE_TUNE_RESULTS);

	/** What a multipart upload may name, in the order in which clients know the list. */
	public static final List<Purpose> OF_MULTIPART = List.of(FINE_TUNE, ASSISTANTS, BATCH, USER_DATA, VISION, EVALS);

	/** What an upload of a service may name, which also sends what services create. */
	public static final List<Purpose> OF_SERVICE = List.of(FINE_TUNE, ASSISTANTS, BATCH, USER_DATA, VISION, EVALS,
			ASSISTANTS_OUTPUT, BATCH_OUTPUT, FINE_TUNE_RESULTS);

	/** What a pre-signed upload may name. */
	public static final List<Purpose> OF_PRESIGNED = List.of(CONTEXT, BATCH);

	/**
	 * With what the database's name of a further purpose begins, so that its files are
	 * known to be of one when it is no longer allowed.
	 */
	public static final String FURTHER = "x:";

	private static final int MAX_ECHO = 64;

	/**
	 * The purpose of a row.
	 * @throws IllegalArgumentException when this version knows no such purpose
	 */
	public static Purpose valueOf(String name) {
		return name.startsWith(FURTHER) ? new Purpose(name, name.substring(FURTHER.length()))
				: BUILT_IN.stream()
					.filter((purpose) -> purpose.name.equals(name))
					.findAny()
					.orElseThrow(() -> new IllegalArgumentException("No purpose " + name));
	}

	/** The purpose that a text names, if it is one that this server knows by itself. */
	public static Optional<Purpose> parse(String text) {
		return among(BUILT_IN, text);
	}

	/**
	 * The purpose that a text names.
	 * @throws FileException.InvalidParameter when it is none of those allowed
	 */
	public static Purpose parse(String text, List<Purpose> allowed) {
		return among(allowed, text).orElseThrow(() -> notOneOf(text, allowed));
	}

	private static Optional<Purpose> among(List<Purpose> purposes, String text) {
		return purposes.stream().filter((purpose) -> purpose.wireName.equals(text)).findAny();
	}

	private static FileException notOneOf(String text, List<Purpose> allowed) {
		String list = String.join(", ", allowed.stream().map((purpose) -> "'" + purpose.wireName + "'").toList());
		return new FileException.InvalidParameter("purpose",
				"'" + shortened(text) + "' is not one of [" + list + "] - 'purpose'");
	}

	private static String shortened(String text) {
		return (text.length() <= MAX_ECHO) ? text : text.substring(0, MAX_ECHO) + "…";
	}

}
