package dev.stowage.api.form;

import dev.stowage.api.RequestException;
import dev.stowage.api.WholeNumber;
import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The expiry that a form asks for, in any notation: two fields with brackets, or one that
 * holds a JSON object, or a number of seconds as xAI's clients send it. Any other field
 * whose name begins with it is refused, so that an expiry is never dropped silently.
 */
public final class ExpiryFields {

	public static final String NAME = "expires_after";

	public static final String ANCHOR = "expires_after[anchor]";

	public static final String SECONDS = "expires_after[seconds]";

	private static final String CREATED_AT = "created_at";

	private static final int MIN_SECONDS = 3_600;

	private static final int MAX_SECONDS = 2_592_000;

	private static final JsonMapper json = JsonMapper.builder()
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.build();

	private @Nullable String anchor;

	private @Nullable String seconds;

	/** Takes one field whose name begins with {@link #NAME}. */
	public void accept(String field, String value) {
		switch (field) {
			case ANCHOR -> {
				requireFirst(field, this.anchor);
				this.anchor = value;
			}
			case SECONDS -> {
				requireFirst(field, this.seconds);
				this.seconds = value;
			}
			case NAME -> {
				requireFirst(field, this.anchor);
				requireFirst(field, this.seconds);
				acceptObject(value);
			}
			default -> throw RequestException.invalid(NAME, "The expiry cannot be read. Send '" + ANCHOR + "' and '"
					+ SECONDS + "', or '" + NAME + "' with a JSON object of anchor and seconds.");
		}
	}

	private static void requireFirst(String field, @Nullable String before) {
		if (before != null) {
			throw RequestException.invalid(NAME, "'" + field + "' sets the expiry a second time.");
		}
	}

	private void acceptObject(String value) {
		try {
			JsonNode object = json.readTree(value);
			if (object.isNumber()) {
				this.anchor = CREATED_AT;
				this.seconds = object.isIntegralNumber() ? object.asString() : "";
				return;
			}
			this.anchor = object.path("anchor").asString("");
			this.seconds = object.path("seconds").isIntegralNumber() ? object.path("seconds").asString() : "";
		}
		catch (JacksonException ex) {
			throw RequestException.invalid(NAME,
					"'expires_after' must be a JSON object such as {\"anchor\": \"created_at\", \"seconds\": 3600}.");
		}
	}

	/**
	 * How long after its creation the file expires; empty if the form does not say.
	 */
	public Optional<Duration> lifetime() {
		if (this.anchor == null && this.seconds == null) {
			return Optional.empty();
		}
		if (!CREATED_AT.equals(this.anchor)) {
			throw RequestException.invalid(ANCHOR, "'" + ANCHOR + "' must be 'created_at'.");
		}
		return Optional.of(lifetime(SECONDS, String.valueOf(this.seconds)));
	}

	/**
	 * Reads a lifetime in seconds.
	 * @param name what the client calls it
	 * @throws RequestException when it is no whole number, too short or too long
	 */
	public static Duration lifetime(String name, String seconds) {
		return Duration.ofSeconds(WholeNumber.parse(name, seconds, MIN_SECONDS, MAX_SECONDS));
	}

}
