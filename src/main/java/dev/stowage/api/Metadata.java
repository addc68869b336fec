package dev.stowage.api;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a client says of a file in words of its own, by OpenAI's rule: at most 16 pairs,
 * as a JSON object or as one field for each, such as {@code metadata[project]}. Nothing
 * of it comes into a message.
 */
public final class Metadata {

	/** The member or field that holds it. */
	public static final String NAME = "metadata";

	private static final String OPEN = NAME + "[";

	private static final String CLOSE = "]";

	private static final int MAX_PAIRS = 16;

	private static final int MAX_KEY = 64;

	private static final int MAX_VALUE = 512;

	private static final JsonMapper json = JsonMapper.builder()
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.build();

	private final Map<String, String> pairs = new TreeMap<>();

	private boolean given;

	/**
	 * That of a JSON body, if it has any.
	 * @throws RequestException when it is no object of texts, or is beyond the rule
	 */
	public static Metadata of(JsonBody body) {
		Metadata metadata = new Metadata();
		body.json(NAME).ifPresent(metadata::acceptObject);
		return metadata;
	}

	/** Whether a field is about it. */
	public static boolean isNamed(String field) {
		return field.equals(NAME) || field.startsWith(OPEN);
	}

	/**
	 * Takes one field that is {@linkplain #isNamed about it}: an object, or a pair. An
	 * object that is missing, which forms send as an empty text, says nothing.
	 * @throws RequestException when it cannot be read or is beyond the rule
	 */
	public void accept(String field, String value) {
		if (!field.equals(NAME)) {
			acceptPair(field, value);
		}
		else if (!isMissing(value)) {
			acceptObject(value);
		}
	}

	/**
	 * Takes one pair, such as {@code metadata[project]}.
	 * @throws RequestException when the field names no key, or is beyond the rule
	 */
	public void acceptPair(String field, String value) {
		if (!field.startsWith(OPEN) || !field.endsWith(CLOSE) || field.contains("][")) {
			throw invalid("'metadata' must name a key, such as 'metadata[project]'.");
		}
		this.given = true;
		add(field.substring(OPEN.length(), field.length() - CLOSE.length()), value);
	}

	private static boolean isMissing(String object) {
		return object.isBlank() || object.strip().equals("null");
	}

	/**
	 * Takes all pairs as the text of a JSON object.
	 * @throws RequestException when it is none of texts, or is beyond the rule
	 */
	void acceptObject(String text) {
		this.given = true;
		try {
			JsonNode object = json.readTree(text);
			if (!object.isObject() || !object.valueStream().allMatch(JsonNode::isString)) {
				throw notAnObject();
			}
			object.propertyStream().forEach((pair) -> add(pair.getKey(), pair.getValue().stringValue()));
		}
		catch (JacksonException ex) {
			throw notAnObject();
		}
	}

	private static RequestException notAnObject() {
		return invalid("'metadata' must be a JSON object of strings such as {\"project\": \"acme\"}.");
	}

	private void add(String key, String value) {
		if (key.isEmpty() || length(key) > MAX_KEY) {
			throw invalid("A key of 'metadata' must have 1 to " + MAX_KEY + " characters.");
		}
		if (length(value) > MAX_VALUE) {
			throw invalid("A value of 'metadata' must have at most " + MAX_VALUE + " characters.");
		}
		if (!isText(key) || !isText(value)) {
			throw invalid("'metadata' must be text without NUL and without half characters.");
		}
		if (this.pairs.putIfAbsent(key, value) != null) {
			throw invalid("'metadata' has a key twice.");
		}
		if (this.pairs.size() > MAX_PAIRS) {
			throw invalid("'metadata' must have at most " + MAX_PAIRS + " pairs.");
		}
	}

	private static int length(String text) {
		return text.codePointCount(0, text.length());
	}

	/** Databases keep neither NUL nor half a character. */
	private static boolean isText(String text) {
		return text.codePoints()
			.noneMatch((character) -> character == 0 || Character.getType(character) == Character.SURROGATE);
	}

	private static RequestException invalid(String message) {
		return RequestException.invalid(NAME, message);
	}

	/** The pairs by their keys. */
	public Map<String, String> pairs() {
		return Map.copyOf(this.pairs);
	}

	/** All of it as a JSON object, sorted by key; empty if none was given. */
	public Optional<String> json() {
		return this.given ? Optional.of(json.writeValueAsString(this.pairs)) : Optional.empty();
	}

}
