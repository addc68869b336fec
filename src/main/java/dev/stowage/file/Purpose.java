package dev.stowage.file;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a file is for, in the words of both APIs. */
public enum Purpose {

	FINE_TUNE("fine-tune"), ASSISTANTS("assistants"), BATCH("batch"), USER_DATA("user_data"), VISION("vision"),
	EVALS("evals"), CONTEXT("context"), ASSISTANTS_OUTPUT("assistants_output"), BATCH_OUTPUT("batch_output"),
	FINE_TUNE_RESULTS("fine-tune-results");

	/** What a multipart upload may name, in the order in which clients know the list. */
	public static final List<Purpose> OF_MULTIPART = List.of(FINE_TUNE, ASSISTANTS, BATCH, USER_DATA, VISION, EVALS);

	/** What an upload of a service may name, which also sends what services create. */
	public static final List<Purpose> OF_SERVICE = List.of(FINE_TUNE, ASSISTANTS, BATCH, USER_DATA, VISION, EVALS,
			ASSISTANTS_OUTPUT, BATCH_OUTPUT, FINE_TUNE_RESULTS);

	/** What a pre-signed upload may name. */
	public static final List<Purpose> OF_PRESIGNED = List.of(CONTEXT, BATCH);

	private static final int MAX_ECHO = 64;

	private final String wireName;

	Purpose(String wireName) {
		this.wireName = wireName;
	}

	public static Optional<Purpose> parse(String text) {
		return Arrays.stream(values()).filter((purpose) -> purpose.wireName.equals(text)).findAny();
	}

	/**
	 * The purpose that a text names.
	 * @throws FileException.InvalidParameter when it is none of those allowed
	 */
	public static Purpose parse(String text, List<Purpose> allowed) {
		return parse(text).filter(allowed::contains).orElseThrow(() -> notOneOf(text, allowed));
	}

	private static FileException notOneOf(String text, List<Purpose> allowed) {
		String list = String.join(", ", allowed.stream().map((purpose) -> "'" + purpose.wireName + "'").toList());
		return new FileException.InvalidParameter("purpose",
				"'" + shortened(text) + "' is not one of [" + list + "] - 'purpose'");
	}

	private static String shortened(String text) {
		return (text.length() <= MAX_ECHO) ? text : text.substring(0, MAX_ECHO) + "…";
	}

	/** The name in requests and answers. */
	public String wireName() {
		return this.wireName;
	}

}
