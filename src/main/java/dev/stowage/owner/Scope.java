package dev.stowage.owner;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What a caller may do. */
public enum Scope {

	/** See files and their content. */
	READ("files.read"),

	/** Upload and delete files. */
	WRITE("files.write"),

	/** Act for any owner, and upload what only services create. */
	ALL_OWNERS("owners.all");

	private final String wireName;

	Scope(String wireName) {
		this.wireName = wireName;
	}

	/** The scopes of a key for which none are named. */
	public static Set<Scope> usual() {
		return EnumSet.of(READ, WRITE);
	}

	public static Optional<Scope> parse(String text) {
		return Arrays.stream(values()).filter((scope) -> scope.wireName.equals(text)).findAny();
	}

	/** The name in requests, answers, tokens and rows. */
	public String wireName() {
		return this.wireName;
	}

}
