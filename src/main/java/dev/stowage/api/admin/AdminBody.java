package dev.stowage.api.admin;

import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

import dev.stowage.api.JsonBody;
import dev.stowage.api.RequestException;
import dev.stowage.owner.Limits;
import dev.stowage.owner.Scope;

/** The body of a request that creates or changes something. */
final class AdminBody {

	private static final String EXAMPLE = "{\"name\": \"batch runner\"}";

	private static final String LIMITS = "{\"max_files\": 1000}";

	private final JsonBody body;

	private AdminBody(JsonBody body) {
		this.body = body;
	}

	static AdminBody read(InputStream body) throws IOException {
		return new AdminBody(JsonBody.read(body, JsonBody.MAX_SIZE, "It names what is created.", EXAMPLE));
	}

	/** The body of a request that changes limits. */
	static AdminBody readLimits(InputStream body) throws IOException {
		return new AdminBody(JsonBody.read(body, JsonBody.MAX_SIZE, "It names limits.", LIMITS));
	}

	/**
	 * A limit of something that can be large: the present one if none is named, none of
	 * its own if it is null.
	 */
	OptionalLong size(String name, OptionalLong present) {
		if (this.body.isNull(name)) {
			return OptionalLong.empty();
		}
		OptionalLong asked = this.body.wholeNumber(name);
		if (asked.orElse(0) < 0) {
			throw RequestException.invalid(name, "'" + name + "' must not be negative");
		}
		return asked.isPresent() ? asked : present;
	}

	/** The same for a limit of requests. */
	OptionalInt count(String name, OptionalInt present) {
		OptionalLong asked = size(name,
				present.isPresent() ? OptionalLong.of(present.getAsInt()) : OptionalLong.empty());
		if (asked.orElse(0) > Limits.MOST) {
			throw RequestException.invalid(name, "'" + name + "' must be 0 to " + Limits.MOST);
		}
		return asked.isPresent() ? OptionalInt.of((int) asked.getAsLong()) : OptionalInt.empty();
	}

	String name() {
		return this.body.requiredText("name");
	}

	String nameOr(String usual) {
		return this.body.text("name").orElse(usual);
	}

	/** Reading and writing, if none are named. */
	Set<Scope> scopes() {
		if (this.body.json("scopes").isEmpty()) {
			return Scope.usual();
		}
		Set<Scope> scopes = EnumSet.noneOf(Scope.class);
		for (String scope : this.body.requiredTexts("scopes")) {
			scopes.add(Scope.parse(scope)
				.orElseThrow(() -> RequestException.invalid("scopes",
						"'scopes' may name 'files.read', 'files.write' and 'owners.all'.")));
		}
		if (scopes.isEmpty()) {
			throw RequestException.invalid("scopes", "'scopes' must name at least one scope.");
		}
		return scopes;
	}

	/** Makes something with the name; a name that is not allowed is refused. */
	static <T> T make(Supplier<T> change) {
		try {
			return change.get();
		}
		catch (IllegalArgumentException ex) {
			throw RequestException.invalid("name", ex.getMessage() + ".");
		}
	}

}
