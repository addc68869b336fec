package dev.stowage.startup;

import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.stowage.console.ConsoleProperties;
import dev.stowage.event.WebhookProperties;
import dev.stowage.http.HttpProperties;
import dev.stowage.http.audit.AuditProperties;
import dev.stowage.http.limits.LimitProperties;
import dev.stowage.http.limits.OwnerMetricsProperties;
import dev.stowage.quota.QuotaProperties;
import dev.stowage.security.SecurityProperties;
import dev.stowage.security.TokenProperties;
import dev.stowage.settings.InvalidSettingException;
import dev.stowage.storage.DurabilityProperties;
import dev.stowage.storage.StorageProperties;
import dev.stowage.sweep.SweepProperties;
import dev.stowage.upload.UploadProperties;
import dev.stowage.upload.append.AppendProperties;
import dev.stowage.upload.parts.PartProperties;
import dev.stowage.upload.pending.PendingProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The names of all settings under {@code stowage.}, taken from the records that hold
 * them. A name in any property source must be one of them. In the environment, a name
 * that resembles none of them may belong to another program.
 */
public final class SettingNames {

	private static final Set<Class<?>> RECORDS = Set.of(DurabilityProperties.class, UploadProperties.class,
			PartProperties.class, AppendProperties.class, PendingProperties.class, HttpProperties.class,
			LimitProperties.class, SecurityProperties.class, TokenProperties.class, StorageProperties.class,
			SweepProperties.class, QuotaProperties.class, AuditProperties.class, OwnerMetricsProperties.class,
			ConsoleProperties.class, WebhookProperties.class);

	private static final Pattern OURS = Pattern.compile("stowage[._-].*", Pattern.CASE_INSENSITIVE);

	/**
	 * The variables that Kubernetes sets in every pod for a service whose name begins
	 * with Stowage's.
	 */
	private static final Pattern SERVICE_LINK = Pattern
		.compile("STOWAGE(_[A-Z0-9_]+)?_(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\\d+_(TCP|UDP)(_.*)?)");

	private static final Logger logger = LoggerFactory.getLogger(SettingNames.class);

	private SettingNames() {
	}

	/** All names, in the kebab case of configuration files. */
	public static Set<String> all() {
		Set<String> names = new TreeSet<>();
		RECORDS.forEach((type) -> collect("stowage", type, names));
		return names;
	}

	private static void collect(String prefix, Class<?> type, Set<String> names) {
		for (RecordComponent component : type.getRecordComponents()) {
			String name = prefix + "." + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
			boolean nested = component.getType().getEnclosingClass() == type;
			if (nested) {
				collect(name, component.getType(), names);
			}
			else {
				names.add(name);
			}
		}
	}

	/**
	 * Refuses a misspelt setting. An environment variable that resembles none may belong
	 * to another program, and causes a warning.
	 * @throws InvalidSettingException that names it and where it is set
	 */
	static void requireKnown(ConfigurableEnvironment environment) {
		Set<String> known = all().stream().map(SettingNames::plain).collect(Collectors.toSet());
		for (PropertySource<?> source : environment.getPropertySources()) {
			if (source instanceof EnumerablePropertySource<?> enumerable) {
				for (String name : enumerable.getPropertyNames()) {
					if (OURS.matcher(name).matches() && !known.contains(plain(name)) && !isServiceLink(name, source)) {
						tellUnknown(name, source);
					}
				}
			}
		}
	}

	/** Refuses what a record refuses, in the moment in which nothing is started yet. */
	static void requireValid(ConfigurableEnvironment environment) {
		Binder binder = Binder.get(environment);
		RECORDS.forEach((type) -> binder.bindOrCreate("stowage", type));
	}

	private static void tellUnknown(String name, PropertySource<?> source) {
		Optional<String> meant = Misspelling.of(plain(name), all(), SettingNames::plain);
		if (source instanceof SystemEnvironmentPropertySource && meant.isEmpty()) {
			logger.warn("The environment variable {} is not a setting of Stowage and has no effect", name);
			return;
		}
		throw new InvalidSettingException(
				"Unknown setting '" + name + "' in " + source.getName() + "."
						+ meant.map((known) -> " Did you mean " + known + "?").orElse(""),
				"Correct or remove it. Known settings are: " + String.join(", ", all()) + ".");
	}

	private static boolean isServiceLink(String name, PropertySource<?> source) {
		return SERVICE_LINK.matcher(name).matches()
				|| (name.endsWith("_PORT") && String.valueOf(source.getProperty(name)).contains("://"));
	}

	/** One notation for files, variables and list elements. */
	private static String plain(String name) {
		return name.replaceAll("(\\[\\d+]|_\\d+)$", "").replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
	}

}
