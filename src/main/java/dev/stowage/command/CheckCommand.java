package dev.stowage.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

import dev.stowage.check.Check;
import dev.stowage.check.CheckResult;
import dev.stowage.check.Difference;
import dev.stowage.check.Difference.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code check}: compares rows and objects. */
@Command(name = "check", mixinStandardHelpOptions = true, versionProvider = JarVersion.class,
		synopsisHeading = "Usage: ", header = "Compares the rows of the database with the objects of the store.",
		description = { "", "Prints one line for each difference, and a summary:",
				"  no object     a file whose object is missing",
				"  wrong size    a file whose object has another length",
				"  wrong bytes   a file whose bytes have another checksum (with --read)",
				"  no part       a part of a pending upload that is missing",
				"  no row        an object that no row names", "  open upload   a multipart upload that no row names",
				"  foreign       an object in files/ or staging/ that Stowage did not write",
				"  overdue       a row that the sweeper should have removed",
				"  wrong usage   an owner for whom something else is counted than its rows say",
				"  no identity   the store lacks the object that binds it to the database", "",
				"It may run while servers run: what they are changing is not reported. Nothing is changed without"
						+ " --repair. The embedded store is reached through the server that runs, or started." },
		optionListHeading = "%nOptions:%n", exitCodeListHeading = "%nExit codes:%n",
		exitCodeList = { "0:no differences, or all were repaired", "1:differences remain",
				"2:wrong usage, or the database or the store failed" },
		footerHeading = "%nExamples:%n",
		footer = { "  java -jar stowage.jar check              what differs?",
				"  java -jar stowage.jar check --read       is every byte still the same?",
				"  java -jar stowage.jar check --repair     remove what no row names, and count again" })
final class CheckCommand implements Callable<Integer> {

	@Option(names = "--read", description = "Read every byte of each file, and compare its CRC-32C.")
	private boolean read;

	@Option(names = "--repair", description = "Remove objects and abort multipart uploads that no row names and that"
			+ " are older than a day, and correct wrong usage. Files and their rows are never changed.")
	private boolean repair;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() {
		PrintWriter out = this.spec.commandLine().getOut();
		try (CommandContext context = CommandContext.open()) {
			CheckResult result = context.bean(Check.class)
				.run(this.read, this.repair, (difference) -> out.println(line(difference)));
			out.println(summary(result));
			return result.isClean() ? ExitCode.CLEAN : ExitCode.FINDINGS;
		}
	}

	private static String line(Difference difference) {
		return difference.kind() + ": " + difference.text() + (difference.isRepaired() ? repaired(difference) : "");
	}

	private static String repaired(Difference difference) {
		return (difference.kind() == Kind.WRONG_USAGE) ? ", corrected" : ", removed";
	}

	private String summary(CheckResult result) {
		String summary = "Checked " + result.files() + " files and " + result.objects() + " objects: "
				+ result.differences() + " differences";
		if (this.repair) {
			summary += ", " + result.repaired() + " repaired";
		}
		if (this.read) {
			summary += "; read " + result.bytesRead() + " bytes";
		}
		if (result.unsummed() > 0) {
			summary += " (" + result.unsummed() + " files have no checksum)";
		}
		return summary;
	}

}
