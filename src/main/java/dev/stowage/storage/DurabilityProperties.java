package dev.stowage.storage;

import dev.stowage.settings.InvalidSettingException;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How stored bytes are protected.
 *
 * @param minFreeSpace free space on the data folder's disk below which no file is
 * accepted; 0: no floor, and no reserve for deleting
 * @param embeddedSync whether the embedded store forces an object to disk before it
 * answers
 * @param adoptStore whether this start binds a database and a bucket whose identities
 * differ
 */
@ConfigurationProperties("stowage")
public record DurabilityProperties(@DefaultValue("64MB") DataSize minFreeSpace,
		@DefaultValue("true") boolean embeddedSync, @DefaultValue("false") boolean adoptStore) {

	public DurabilityProperties {
		if (minFreeSpace.isNegative()) {
			throw new InvalidSettingException("stowage.min-free-space must not be negative");
		}
	}

}
