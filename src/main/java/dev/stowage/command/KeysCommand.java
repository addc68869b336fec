package dev.stowage.command;

import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import dev.stowage.check.Printable;
import dev.stowage.keys.AskedKey;
import dev.stowage.keys.Keys;
import dev.stowage.keys.ManagedKey;
import dev.stowage.keys.NewKey;
import dev.stowage.owner.Owner;
import dev.stowage.owner.Scope;
import dev.stowage.settings.DurationOrNever;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code keys}: who may use the server. */
@Command(name = "keys", mixinStandardHelpOptions = true, versionProvider = JarVersion.class,
		subcommands = { KeysCommand.Create.class, KeysCommand.ListKeys.class, KeysCommand.Rotate.class,
				KeysCommand.Revoke.class, HelpCommand.class },
		synopsisHeading = "Usage: ", header = "Makes, lists and revokes the keys in the database.",
		description = { "", "Keys of STOWAGE_API_KEYS are not among them." }, commandListHeading = "%nCommands:%n",
		footerHeading = "%nExamples:%n", footer = { "  java -jar stowage.jar keys create --owner acme --expires 90d",
				"  java -jar stowage.jar keys list" })
final class KeysCommand implements Runnable {

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public void run() {
		throw new ParameterException(this.spec.commandLine(), "Name what to do with keys");
	}

	/**
	 * The key alone, so that a script can take it, and a word to the person beside it.
	 */
	private static void show(NewKey made, CommandContext context, CommandSpec spec) {
		context.audit("key.create", Optional.of(made.key().owner()), Optional.of(made.key().id()));
		spec.commandLine().getOut().println(made.text());
		spec.commandLine()
			.getErr()
			.println("This is the key %s of %s. It cannot be shown again.".formatted(made.key().id(),
					made.key().owner().name()));
	}

	private static Duration duration(String option, String text, CommandSpec spec) {
		try {
			Duration duration = DurationOrNever.of(text).duration().orElseThrow();
			if (!duration.isNegative()) {
				return duration;
			}
		}
		catch (RuntimeException ex) {
			// reported below
		}
		throw new ParameterException(spec.commandLine(), option + " must be a duration such as 90d or 12h");
	}

	/** {@code keys create}. */
	@Command(name = "create", mixinStandardHelpOptions = true, versionProvider = JarVersion.class,
			synopsisHeading = "Usage: ", header = "Makes a key, and its owner if it is new.",
			description = { "", "Prints the key once, alone on the standard output.",
					"Every instance accepts it at once." },
			optionListHeading = "%nOptions:%n", exitCodeListHeading = "%nExit codes:%n",
			exitCodeList = { "0:made", "2:wrong usage, or the database failed" }, footerHeading = "%nExamples:%n",
			footer = { "  java -jar stowage.jar keys create --owner acme",
					"  java -jar stowage.jar keys create --owner acme --read-only" })
	static final class Create implements Callable<Integer> {

		@Spec
		@SuppressWarnings("NullAway.Init")
		private CommandSpec spec;

		@Option(names = "--owner", required = true, paramLabel = "NAME", description = "whose files it opens")
		@SuppressWarnings("NullAway.Init")
		private String owner;

		@Option(names = "--name", paramLabel = "TEXT", defaultValue = "key", description = "what people call it")
		@SuppressWarnings("NullAway.Init")
		private String name;

		@Option(names = "--expires", paramLabel = "DURATION", description = "such as 90d; otherwise never")
		private @Nullable String expires;

		@Option(names = "--read-only", description = "it uploads and deletes nothing")
		private boolean readOnly;

		@Option(names = "--service", description = "it acts for the owner that OpenAI-Project names")
		private boolean service;

		@Override
		public Integer call() {
			try (CommandContext context = CommandContext.open()) {
				Optional<Instant> end = Optional.ofNullable(this.expires)
					.map((text) -> context.bean(Clock.class).instant().plus(duration("--expires", text, this.spec)));
				show(context.bean(Keys.class)
					.create(new AskedKey(new Owner(this.owner), Optional.empty(), this.name, scopes(), end)), context,
						this.spec);
			}
			catch (IllegalArgumentException ex) {
				throw new ParameterException(this.spec.commandLine(), String.valueOf(ex.getMessage()));
			}
			return ExitCode.CLEAN;
		}

		private Set<Scope> scopes() {
			Set<Scope> scopes = EnumSet.of(Scope.READ);
			if (!this.readOnly) {
				scopes.add(Scope.WRITE);
			}
			if (this.service) {
				scopes.add(Scope.ALL_OWNERS);
			}
			return scopes;
		}

	}

	/** {@code keys list}. */
	@Command(name = "list", mixinStandardHelpOptions = true, versionProvider = JarVersion.class,
			synopsisHeading = "Usage: ", header = "Lists the keys that are not revoked.",
			description = { "", "In the order of their ids. No key itself can be shown." },
			optionListHeading = "%nOptions:%n", exitCodeListHeading = "%nExit codes:%n",
			exitCodeList = { "0:listed, even if there are none", "2:wrong usage, or the database failed" },
			footerHeading = "%nExamples:%n", footer = "  java -jar stowage.jar keys list")
	static final class ListKeys implements Callable<Integer> {

		private static final String LINE = "%-12s  %-20s  %-20s  %-33s  %s  %s";

		private static final int PAGE = 100;

		@Spec
		@SuppressWarnings("NullAway.Init")
		private CommandSpec spec;

		@Override
		public Integer call() {
			PrintWriter out = this.spec.commandLine().getOut();
			try (CommandContext context = CommandContext.open()) {
				Keys keys = context.bean(Keys.class);
				out.println(LINE.formatted("ID", "EXPIRES", "LAST USED", "SCOPES", "OWNER", "NAME"));
				List<ManagedKey> page = keys.list(Optional.empty(), "", PAGE);
				while (!page.isEmpty()) {
					page.forEach((key) -> out.println(line(key)));
					page = keys.list(Optional.empty(), page.getLast().id(), PAGE);
				}
			}
			return ExitCode.CLEAN;
		}

		private static String line(ManagedKey key) {
			return LINE.formatted(key.id(), time(key.expiresAt()), time(key.lastUsedAt()),
					key.scopes().stream().map(Scope::wireName).sorted().collect(Collectors.joining(" ")),
					key.owner().name(), Printable.text(key.name()));
		}

		private static String time(Optional<Instant> time) {
			return time.map(String::valueOf).orElse("never");
		}

	}

	/** {@code keys rotate}. */
	@Command(name = "rotate", mixinStandardHelpOptions = true, versionProvider = JarVersion.class,
			synopsisHeading = "Usage: ", header = "Makes a key that replaces another.",
			description = { "",
					"It has the same owner and scopes. The other one opens nothing once the grace is over." },
			parameterListHeading = "%n", optionListHeading = "%nOptions:%n", exitCodeListHeading = "%nExit codes:%n",
			exitCodeList = { "0:made", "2:no such key, wrong usage, or the database failed" },
			footerHeading = "%nExamples:%n", footer = "  java -jar stowage.jar keys rotate 4fXo0qZb81Ka --grace 24h")
	static final class Rotate implements Callable<Integer> {

		@Spec
		@SuppressWarnings("NullAway.Init")
		private CommandSpec spec;

		@Parameters(paramLabel = "ID", description = "as keys list shows it")
		@SuppressWarnings("NullAway.Init")
		private String id;

		@Option(names = "--grace", paramLabel = "DURATION", defaultValue = "24h",
				description = "how long the other one still works; otherwise 24h")
		@SuppressWarnings("NullAway.Init")
		private String grace;

		@Override
		public Integer call() {
			Duration end = duration("--grace", this.grace, this.spec);
			try (CommandContext context = CommandContext.open()) {
				NewKey made = context.bean(Keys.class).rotate(this.id, end).orElseThrow(() -> missing(this.spec));
				context.audit("key.rotate", Optional.of(made.key().owner()), Optional.of(this.id));
				show(made, context, this.spec);
			}
			return ExitCode.CLEAN;
		}

	}

	private static ParameterException missing(CommandSpec spec) {
		return new ParameterException(spec.commandLine(), "There is no such key, or it was revoked. See keys list");
	}

	/** {@code keys revoke}. */
	@Command(name = "revoke", mixinStandardHelpOptions = true, versionProvider = JarVersion.class,
			synopsisHeading = "Usage: ", header = "Makes a key open nothing.",
			description = { "", "Every instance refuses it within 10 seconds. This cannot be undone." },
			parameterListHeading = "%n", optionListHeading = "%nOptions:%n", exitCodeListHeading = "%nExit codes:%n",
			exitCodeList = { "0:revoked", "2:no such key, wrong usage, or the database failed" },
			footerHeading = "%nExamples:%n", footer = "  java -jar stowage.jar keys revoke 4fXo0qZb81Ka")
	static final class Revoke implements Callable<Integer> {

		@Spec
		@SuppressWarnings("NullAway.Init")
		private CommandSpec spec;

		@Parameters(paramLabel = "ID", description = "as keys list shows it")
		@SuppressWarnings("NullAway.Init")
		private String id;

		@Override
		public Integer call() {
			try (CommandContext context = CommandContext.open()) {
				if (!context.bean(Keys.class).revoke(this.id)) {
					throw missing(this.spec);
				}
				context.audit("key.revoke", Optional.empty(), Optional.of(this.id));
			}
			return ExitCode.CLEAN;
		}

	}

}
