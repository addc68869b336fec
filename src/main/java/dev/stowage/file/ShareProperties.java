package dev.stowage.file;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much of the server one caller may have, in percent of what the others leave. The
 * rest is for those who come next.
 *
 * @param ownerShare of the requests that are served at once, where there are several
 * owners
 * @param addressShare of the connections, for one address; and of the requests without a
 * key
 */
@ConfigurationProperties("stowage")
public record ShareProperties(@DefaultValue("75") int ownerShare, @DefaultValue("90") int addressShare) {

	private static final int ALL = 100;

	public ShareProperties {
		require(ownerShare, "stowage.owner-share");
		require(addressShare, "stowage.address-share");
	}

	private static void require(int share, String name) {
		if (share < 1 || share > ALL) {
			throw new IllegalArgumentException(name + " must be 1 to " + ALL);
		}
	}

}
