package dev.stowage.http.path;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.servlet.ServletRequest;

/**
 * Other paths of files and uploads, which clients of other vendors ask: Groq's
 * {@code /openai/v1/files}, and Azure's {@code /openai/files}, too. Such a request
 * continues with the path of the route, so that nothing else has to know them, and
 * carries the one that was asked as an attribute.
 */
public final class PathAlias {

	/** Carries the path that the client asked, in its one spelling. */
	public static final String ATTRIBUTE = PathAlias.class.getName();

	private static final Pattern ALIAS = Pattern.compile("/openai(?:/v1)?((?:/files|/uploads)(?:/.*)?)");

	private static final String AZURE_FILES = "/openai/files";

	private PathAlias() {
	}

	/**
	 * The path of the route that an alias leads to; empty if the path is no alias.
	 * @param path in its one spelling
	 */
	public static Optional<String> route(String path) {
		Matcher alias = ALIAS.matcher(path);
		return alias.matches() ? Optional.of("/v1" + alias.group(1)) : Optional.empty();
	}

	/** The alias that a client asked; empty if it asked the route itself. */
	public static Optional<String> asked(ServletRequest request) {
		return Optional.ofNullable(request.getAttribute(ATTRIBUTE)).map(String::valueOf);
	}

	/**
	 * Where Azure's clients find a new file; empty for any other request than theirs to
	 * create one.
	 */
	public static Optional<String> location(ServletRequest request, String id) {
		return asked(request).filter(AZURE_FILES::equals).map((files) -> files + "/" + id);
	}

}
