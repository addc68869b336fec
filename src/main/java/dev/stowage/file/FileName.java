package dev.stowage.file;

/**
 * The name that a client gave a file, made safe to keep: no directories, no control
 * characters, at most 255 characters (a longer name is shortened before its extension,
 * and never loses all of it).
 */
public record FileName(String value) {

	/** The name if none is given, or if nothing of it is left. */
	public static final FileName NONE = new FileName("upload");

	private static final int MAX_LENGTH = 255;

	private static final int MAX_EXTENSION = 16;

	/** Cleans what a client sent. */
	public static FileName of(String raw) {
		StringBuilder name = new StringBuilder();
		lastSegment(raw).codePoints().filter(FileName::isKept).forEach(name::appendCodePoint);
		String cleaned = shorten(name.toString());
		return (cleaned.isBlank() || cleaned.equals(".") || cleaned.equals("..")) ? NONE : new FileName(cleaned);
	}

	/**
	 * Cleans the name of a JSON file. A name is refused where a form's name would be
	 * corrected.
	 */
	public static FileName ofJson(String raw) {
		if (raw.codePointCount(0, raw.length()) > MAX_LENGTH) {
			throw new FileException.InvalidParameter("filename",
					"'filename' must have at most " + MAX_LENGTH + " characters");
		}
		if (!raw.endsWith(".json")) {
			throw new FileException.InvalidParameter("filename", "'filename' must end in .json");
		}
		return of(raw);
	}

	/** The part after the last dot, with the dot; empty when there is none. */
	public String extension() {
		int dot = this.value.lastIndexOf('.');
		return (dot < 0) ? "" : this.value.substring(dot);
	}

	private static String lastSegment(String path) {
		return path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
	}

	/** Removes control characters, lone surrogates and line separators. */
	private static boolean isKept(int character) {
		int type = Character.getType(character);
		return type != Character.CONTROL && type != Character.SURROGATE && type != Character.LINE_SEPARATOR
				&& type != Character.PARAGRAPH_SEPARATOR && !isDirectionMark(character);
	}

	/** Marks that make {@code exe.txt} look like {@code txt.exe}. */
	private static boolean isDirectionMark(int character) {
		return (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
	}

	private static String shorten(String name) {
		int length = name.codePointCount(0, name.length());
		if (length <= MAX_LENGTH) {
			return name;
		}
		int dot = name.lastIndexOf('.');
		String whole = start(name, MAX_LENGTH);
		String extension = (dot > 0) ? start(name.substring(dot), MAX_EXTENSION) : "";
		boolean isCut = dot + extension.length() < name.length();
		if (isCut && dot < whole.length()) {
			return whole;
		}
		return start(name, MAX_LENGTH - extension.codePointCount(0, extension.length())) + extension;
	}

	private static String start(String text, int characters) {
		boolean longer = text.codePointCount(0, text.length()) > characters;
		return longer ? text.substring(0, text.offsetByCodePoints(0, characters)) : text;
	}

	@Override
	public String toString() {
		return this.value;
	}

}
