package dev.stowage.command;

/** The exit codes of all commands. */
final class ExitCode {

	static final int CLEAN = 0;

	static final int FINDINGS = 1;

	/** Wrong usage, and every failure. */
	static final int FAILED = 2;

	private ExitCode() {
	}

}
