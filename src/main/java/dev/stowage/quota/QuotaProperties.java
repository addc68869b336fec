package dev.stowage.quota;

import java.util.OptionalLong;

import dev.stowage.settings.InvalidSettingException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * The quota of owners that have none of their own. All instances of one database should
 * have the same settings: those of the instance that started last count.
 *
 * @param quotaBytes bytes of all files of an owner; missing: any number
 * @param quotaFiles how many files an owner may have; missing: any number
 */
@ConfigurationProperties("stowage")
public record QuotaProperties(@Nullable DataSize quotaBytes, @Nullable Long quotaFiles) {

	public QuotaProperties {
		InvalidSettingException.require(quotaBytes == null || !quotaBytes.isNegative(),
				"stowage.quota-bytes must not be negative");
		InvalidSettingException.require(quotaFiles == null || quotaFiles >= 0,
				"stowage.quota-files must not be negative");
	}

	Quota quota() {
		return new Quota((this.quotaFiles != null) ? OptionalLong.of(this.quotaFiles) : OptionalLong.empty(),
				(this.quotaBytes != null) ? OptionalLong.of(this.quotaBytes.toBytes()) : OptionalLong.empty(),
				OptionalLong.empty());
	}

}
