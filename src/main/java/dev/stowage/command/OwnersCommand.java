package dev.stowage.command;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;

import dev.stowage.check.OwnerUsageRepository;
import dev.stowage.check.Printable;
import dev.stowage.owner.Owner;
import dev.stowage.quota.Quota;
import dev.stowage.quota.Quotas;
import dev.stowage.quota.Usage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import org.springframework.util.unit.DataSize;

/** {@code owners}: who has files, and may have how many. */
@Command(name = "owners", mixinStandardHelpOptions = true, versionProvider = JarVersion.class,
		subcommands = { OwnersCommand.ListOwners.class, OwnersCommand.SetQuota.class, HelpCommand.class },
		synopsisHeading = "Usage: ", header = "Shows the owners of files, and what they may have.",
		commandListHeading = "%nCommands:%n", footerHeading = "%nExamples:%n",
		footer = { "  java -jar stowage.jar owners list", "  java -jar stowage.jar owners quota acme --max-bytes 1TB" })
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

	/** {@code owners quota}. */
	@Command(name = "quota", mixinStandardHelpOptions = true, versionProvider = JarVersion.class,
			synopsisHeading = "Usage: ", header = "Shows or sets how much an owner may have.",
			description = { "", "What is not named stays as it is; 'usual' means as in the settings.",
					"It counts at once on every instance. What the owner has beyond it stays." },
			parameterListHeading = "%n", optionListHeading = "%nOptions:%n", exitCodeListHeading = "%nExit codes:%n",
			exitCodeList = { "0:shown or set", "2:wrong usage, or the database failed" },
			footerHeading = "%nExamples:%n", footer = { "  java -jar stowage.jar owners quota acme",
					"  java -jar stowage.jar owners quota acme --max-bytes 1TB --max-files usual" })
	static final class SetQuota implements Callable<Integer> {

		private static final String LINE = "%-10s  %20s  %20s";

		@Spec
		@SuppressWarnings("NullAway.Init")
		private CommandSpec spec;

		@Parameters(paramLabel = "OWNER", description = "as owners list shows it")
		@SuppressWarnings("NullAway.Init")
		private String owner;

		@Option(names = "--max-files", paramLabel = "NUMBER", description = "how many, pending ones included")
		private @Nullable String maxFiles;

		@Option(names = "--max-bytes", paramLabel = "SIZE", description = "of all of them, such as 500GB")
		private @Nullable String maxBytes;

		@Option(names = "--max-file-size", paramLabel = "SIZE", description = "of one of them")
		private @Nullable String maxFileSize;

		@Override
		public Integer call() {
			PrintWriter out = this.spec.commandLine().getOut();
			try (CommandContext context = CommandContext.open()) {
				Owner its = new Owner(this.owner);
				Quotas quotas = context.bean(Quotas.class);
				if (this.maxFiles != null || this.maxBytes != null || this.maxFileSize != null) {
					quotas.change(its, (own) -> own.with(changed(own.quota())));
					context.audit("quota.change", Optional.of(its), Optional.empty());
				}
				Quota quota = quotas.of(its);
				Usage usage = quotas.usage(its);
				out.println(LINE.formatted("", "HAS", "MAY HAVE"));
				out.println(LINE.formatted("files", usage.files(), shown(quota.maxFiles())));
				out.println(LINE.formatted("bytes", usage.bytes(), shown(quota.maxBytes())));
				out.println(LINE.formatted("in a file", "", shown(quota.maxFileSize())));
			}
			catch (IllegalArgumentException ex) {
				throw new ParameterException(this.spec.commandLine(), String.valueOf(ex.getMessage()));
			}
			return ExitCode.CLEAN;
		}

		private Quota changed(Quota own) {
			return new Quota(limit(this.maxFiles, own.maxFiles(), Long::parseLong, "--max-files must be a number"),
					limit(this.maxBytes, own.maxBytes(), SetQuota::size, "--max-bytes must be a size such as 500GB"),
					limit(this.maxFileSize, own.maxFileSize(), SetQuota::size,
							"--max-file-size must be a size such as 5GB"));
		}

		private static OptionalLong limit(@Nullable String text, OptionalLong present, ToLongFunction<String> parse,
				String expected) {
			if (text == null) {
				return present;
			}
			if (text.equals("usual")) {
				return OptionalLong.empty();
			}
			try {
				return OptionalLong.of(parse.applyAsLong(text));
			}
			catch (IllegalArgumentException ex) {
				throw new IllegalArgumentException(expected, ex);
			}
		}

		private static long size(String text) {
			return DataSize.parse(text).toBytes();
		}

		private static String shown(OptionalLong limit) {
			return limit.isPresent() ? String.valueOf(limit.getAsLong()) : "any number";
		}

	}

}
