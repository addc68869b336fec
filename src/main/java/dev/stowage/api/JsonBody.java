package dev.stowage.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;

import dev.stowage.http.ServerBusyException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpStatus;

/**
 * A request body that is a JSON object. Unknown members are ignored; the limit on the
 * body's size bounds them. A member that is {@code null} counts as missing.
 */
public final class JsonBody {

	/** Enough for what describes one file. */
	public static final int MAX_SIZE = 64 * 1024;

	/** Enough for a list of 10,000 parts, each with a number and a quoted tag. */
	public static final int MAX_LIST_SIZE = 1024 * 1024;

	/** A part has six. A tree of this many takes a few megabytes. */
	private static final int MAX_TOKENS = 100_000;

	/**
	 * Limits the bodies that are longer than those that describe one file, while they are
	 * being read. Their clients may send slowly, so together they may hold a sixteenth of
	 * the heap.
	 */
	private static final Semaphore longBodies = new Semaphore(
			(int) Math.max(4, Runtime.getRuntime().maxMemory() / 16 / MAX_LIST_SIZE));

	private static final JsonMapper json = new JsonMapper(JsonFactory.builder()
		.streamReadConstraints(StreamReadConstraints.builder()
			.maxNestingDepth(MAX_SIZE)
			.maxNumberLength(MAX_SIZE)
			.maxNameLength(MAX_LIST_SIZE)
			.maxTokenCount(MAX_TOKENS)
			.build())
		.build());

	private final JsonNode members;

	private JsonBody(JsonNode members) {
		this.members = members;
	}

	/**
	 * Reads a body to its end.
	 * @param maxSize the most bytes that it may have
	 * @param purpose what it is for, as a sentence that tells clients of larger ones
	 * @param example an object as it is expected
	 * @throws RequestException when it is larger, or not a JSON object
	 * @throws ServerBusyException when too many long ones are being read
	 */
	public static JsonBody read(InputStream body, int maxSize, String purpose, String example) throws IOException {
		byte[] bytes = readAtMost(body, maxSize + 1);
		if (bytes.length > maxSize) {
			throw new RequestException(HttpStatus.CONTENT_TOO_LARGE, "validation_error", null,
					"The JSON body may have at most " + maxSize + " bytes. " + purpose);
		}
		try {
			JsonNode members = json.readTree(bytes);
			if (members.isObject()) {
				return new JsonBody(members);
			}
		}
		catch (JacksonException ex) {
			// reported below
		}
		throw RequestException.invalid(null, "The body must be a JSON object such as " + example + ".");
	}

	private static byte[] readAtMost(InputStream body, int size) throws IOException {
		byte[] start = body.readNBytes(Math.min(size, MAX_SIZE + 1));
		if (start.length == size || start.length <= MAX_SIZE) {
			return start;
		}
		if (!longBodies.tryAcquire()) {
			throw new ServerBusyException();
		}
		try {
			byte[] whole = Arrays.copyOf(start, size);
			int count = body.readNBytes(whole, start.length, size - start.length);
			return Arrays.copyOf(whole, start.length + count);
		}
		finally {
			longBodies.release();
		}
	}

	private Optional<JsonNode> member(String name) {
		return Optional.of(this.members.path(name)).filter((node) -> !node.isMissingNode() && !node.isNull());
	}

	private static RequestException missing(String name) {
		return RequestException.invalid(name, "'" + name + "' is a required property");
	}

	public String requiredText(String name) {
		return text(name).orElseThrow(() -> missing(name));
	}

	public Optional<String> text(String name) {
		return member(name).map((node) -> {
			if (!node.isString()) {
				throw RequestException.invalid(name, "'" + name + "' must be a string");
			}
			return node.stringValue();
		});
	}

	public long requiredWholeNumber(String name) {
		return wholeNumber(name).orElseThrow(() -> missing(name));
	}

	public OptionalLong wholeNumber(String name) {
		Optional<JsonNode> node = member(name);
		if (node.isEmpty()) {
			return OptionalLong.empty();
		}
		if (!node.get().isIntegralNumber() || !node.get().canConvertToLong()) {
			throw RequestException.invalid(name, "'" + name + "' must be a whole number");
		}
		return OptionalLong.of(node.get().longValue());
	}

	/** Whether the client has said that there is none. */
	public boolean isNull(String name) {
		return this.members.path(name).isNull();
	}

	/** False when it is missing. */
	public boolean isTrue(String name) {
		return member(name).map((node) -> {
			if (!node.isBoolean()) {
				throw RequestException.invalid(name, "'" + name + "' must be true or false");
			}
			return node.booleanValue();
		}).orElse(false);
	}

	public List<String> requiredTexts(String name) {
		JsonNode list = member(name).orElseThrow(() -> missing(name));
		List<String> texts = new ArrayList<>();
		for (JsonNode node : list) {
			if (!list.isArray() || !node.isString()) {
				break;
			}
			texts.add(node.stringValue());
		}
		if (!list.isArray() || texts.size() < list.size()) {
			throw RequestException.invalid(name, "'" + name + "' must be an array of strings");
		}
		return texts;
	}

	public List<JsonBody> requiredObjects(String name) {
		JsonNode list = member(name).orElseThrow(() -> missing(name));
		List<JsonBody> objects = new ArrayList<>();
		list.forEach((node) -> objects.add(new JsonBody(node)));
		if (!list.isArray() || !objects.stream().allMatch((object) -> object.members.isObject())) {
			throw RequestException.invalid(name, "'" + name + "' must be an array of objects");
		}
		return objects;
	}

	/** The JSON text of a member, whatever it is. */
	public Optional<String> json(String name) {
		return member(name).map(JsonNode::toString);
	}

}
