package dev.stowage.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import dev.stowage.check.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code owners}: who has files. */
@Command(name = "owners", mixinStandardHelpOptions = true, versionProvider = JarVersion.class,
		subcommands = { OwnersCommand.ListOwners.class, HelpCommand.class }, synopsisHeading = "Usage: ",
		header = "Shows the owners of files.", commandListHeading = "%nCommands:%n", footerHeading = "%nExamples:%n",
		footer = "  java -jar stowage.jar owners list")
final class OwnersCommand implements Runnable {

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public void run() {
		throw new ParameterException(this.spec.commandLine(), "Name what to do with owners");
	}

	/** {@code owners list}. */
	@Command(name = "list", mixinStandardHelpOptions = true, versionProvider = JarVersion.class,
			synopsisHeading = "Usage: ", header = "Lists each owner of available files, with their number and bytes.",
			description = { "", "Sorted by name. Expired files count until the sweeper removes them.",
					"Uses only the database, so it needs no access to the store." },
			optionListHeading = "%nOptions:%n", exitCodeListHeading = "%nExit codes:%n",
			exitCodeList = { "0:listed, even if there are none", "2:wrong usage, or the database failed" },
			footerHeading = "%nExamples:%n", footer = "  java -jar stowage.jar owners list | sort -k2 -n")
	static final class ListOwners implements Callable<Integer> {

		private static final String LINE = "%10s  %16s  %s";

		@Spec
		@SuppressWarnings("NullAway.Init")
		private CommandSpec spec;

		@Override
		public Integer call() {
			PrintWriter out = this.spec.commandLine().getOut();
			try (CommandContext context = CommandContext.open()) {
				OwnerUsageRepository rows = context.bean(OwnerUsageRepository.class);
				out.println(LINE.formatted("FILES", "BYTES", "OWNER"));
				rows.forEach((usage) -> out
					.println(LINE.formatted(usage.files(), usage.bytes(), Printable.text(usage.owner()))));
			}
			return ExitCode.CLEAN;
		}

	}

}
