package dev.stowage.upload.pending;

import dev.stowage.settings.InvalidSettingException;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The limit of pending files.
 *
 * @param maxPending how many files of an owner may be pending: granted or begun in parts,
 * and not completed
 */
@ConfigurationProperties("stowage")
public record PendingProperties(@DefaultValue("10000") int maxPending) {

	private static final int MAX_PENDING = 10_000_000;

	public PendingProperties {
		InvalidSettingException.require(maxPending >= 1 && maxPending <= MAX_PENDING,
				"stowage.max-pending must be 1 to " + MAX_PENDING);
	}

}
