package dev.stowage.security;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import dev.stowage.keys.KeyHash;
import dev.stowage.owner.Owner;
import dev.stowage.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The keys that may use the server. Messages never repeat bad values, because they are
 * secret.
 *
 * @param apiKeys entries {@code owner=key}; none, or the word {@code none}: the first
 * start creates a key
 * @param metricsKey opens the metrics, and nothing else; absent: the metrics are closed
 * @param adminKey opens the administration, and nothing else; absent: there is none
 */
@ConfigurationProperties("stowage")
public record SecurityProperties(@DefaultValue List<String> apiKeys, @Nullable String metricsKey,
		@Nullable String adminKey) {

	/** The owner of the key that the first start makes. */
	static final Owner FIRST_OWNER = new Owner("default");

	/** States that no keys are configured on purpose. */
	private static final List<String> NONE = List.of("none");

	private static final int MIN_KEY_LENGTH = 16;

	public SecurityProperties {
		apiKeys = List.copyOf(apiKeys);
		Map<String, Owner> owners = parse(apiKeys);
		metricsKey = checked(metricsKey, "stowage.metrics-key", owners.keySet());
		adminKey = checked(adminKey, "stowage.admin-key", owners.keySet());
		InvalidSettingException.require(adminKey == null || !adminKey.equals(metricsKey),
				"stowage.admin-key must not be the key of the metrics");
	}

	private static @Nullable String checked(@Nullable String key, String setting, Set<String> ofOwners) {
		if (key == null || key.isBlank()) {
			return null;
		}
		requireKey(key.strip(), setting + " is a key ");
		InvalidSettingException.require(!ofOwners.contains(key.strip()), setting + " must not be the key of an owner");
		return key.strip();
	}

	/** Whether any key is configured. */
	public boolean hasKeys() {
		return !owners().isEmpty();
	}

	/** Whether the settings state that there are no keys. */
	public boolean saysNone() {
		return this.apiKeys.equals(NONE);
	}

	/** The names of the owners that have a key by settings. */
	public Set<String> ownersWithKey() {
		return owners().values().stream().map(Owner::name).collect(Collectors.toSet());
	}

	/** The configured keys with their owners. */
	Map<String, Owner> owners() {
		return parse(this.apiKeys);
	}

	/** The hash of the key to the administration. */
	Optional<KeyHash> adminKeyHash() {
		return Optional.ofNullable(this.adminKey).map(KeyHash::of);
	}

	/** The hash of the key to the metrics. */
	Optional<KeyHash> metricsKeyHash() {
		return Optional.ofNullable(this.metricsKey).map(KeyHash::of);
	}

	private static Map<String, Owner> parse(List<String> entries) {
		Map<String, Owner> owners = new LinkedHashMap<>();
		if (entries.equals(NONE)) {
			return owners;
		}
		for (int i = 0; i < entries.size(); i++) {
			String entry = entries.get(i).strip();
			String which = "Entry " + (i + 1) + " of stowage.api-keys ";
			int equals = entry.indexOf('=');
			InvalidSettingException.require(equals > 0, which + "must read owner=key");
			String key = entry.substring(equals + 1);
			requireKey(key, which + "has a key ");
			InvalidSettingException.require(owners.put(key, owner(entry.substring(0, equals))) == null,
					which + "repeats the key of another entry");
		}
		return owners;
	}

	private static void requireKey(String key, String which) {
		InvalidSettingException.require(key.length() >= MIN_KEY_LENGTH,
				which + "of fewer than " + MIN_KEY_LENGTH + " characters");
		InvalidSettingException.require(key.chars().allMatch((character) -> character > ' ' && character < 0x7F),
				which + "with characters that are not allowed in a header");
	}

	@Override
	public String toString() {
		return "SecurityProperties[" + this.apiKeys.size() + " keys]";
	}

	private static Owner owner(String name) {
		try {
			return new Owner(name);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidSettingException(String.valueOf(ex.getMessage()));
		}
	}

}
