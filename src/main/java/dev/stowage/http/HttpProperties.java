package dev.stowage.http;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;

import dev.stowage.settings.InvalidSettingException;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * The limits of requests, and of one caller's share of the server. Durations without a
 * unit are seconds.
 *
 * @param uploadTimeout how long the client of an upload may send nothing, or that of a
 * download take nothing
 * @param minUploadRate bytes a second that the client of an upload must send on average;
 * 0: any
 * @param minDownloadRate bytes a second that the client of a download must take on
 * average; 0: any
 * @param maxRequests how many requests are served at once; 0: as many as fit into the
 * heap
 * @param ownerShare percent of the requests that are served at once, of what the others
 * leave, for one owner where there are several
 * @param addressShare the same of the connections, for one address; and of the requests
 * without a key
 * @param shutdownDelay how long the server keeps serving after it received SIGTERM
 * @param corsOrigins browsers' origins that may call the API
 * @param contentRedirect whether a download is answered with a redirect to the store
 */
@ConfigurationProperties("stowage")
public record HttpProperties(@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("5m") Duration uploadTimeout,
		@DefaultValue("1KB") DataSize minUploadRate, @DefaultValue("0B") DataSize minDownloadRate,
		@DefaultValue("0") int maxRequests, @DefaultValue("75") int ownerShare, @DefaultValue("90") int addressShare,
		@DurationUnit(ChronoUnit.SECONDS) @DefaultValue("0s") Duration shutdownDelay,
		@DefaultValue List<String> corsOrigins, @DefaultValue("false") boolean contentRedirect) {

	private static final Pattern ORIGIN = Pattern.compile("\\*|[a-z][a-z0-9+.-]*://[^/?#\\s]+");

	private static final int MAX_REQUESTS = 1_000_000;

	private static final int ALL = 100;

	public HttpProperties {
		corsOrigins = List.copyOf(corsOrigins);
		requireRate("upload", minUploadRate);
		requireRate("download", minDownloadRate);
		InvalidSettingException.require(maxRequests >= 0 && maxRequests <= MAX_REQUESTS,
				"stowage.max-requests must be 0 to " + MAX_REQUESTS);
		InvalidSettingException.require(ownerShare >= 1 && ownerShare <= ALL,
				"stowage.owner-share must be 1 to " + ALL);
		InvalidSettingException.require(addressShare >= 1 && addressShare <= ALL,
				"stowage.address-share must be 1 to " + ALL);
		InvalidSettingException.require(!shutdownDelay.isNegative(), "stowage.shutdown-delay must not be negative");
		for (String origin : corsOrigins) {
			InvalidSettingException.require(ORIGIN.matcher(origin).matches(),
					"stowage.cors-origins holds '" + origin + "', but an origin must be like https://app.example or *");
		}
	}

	private static void requireRate(String direction, DataSize rate) {
		InvalidSettingException.require(!rate.isNegative() && rate.toGigabytes() < 1,
				"stowage.min-" + direction + "-rate must be 0 to less than 1GB");
	}

	/** The fewest bytes that a client must send in the given time of waiting for it. */
	public long leastBytesIn(Duration time) {
		return in(time, this.minUploadRate);
	}

	/** The fewest bytes that a client must take in the given time of waiting for it. */
	public long leastBytesTakenIn(Duration time) {
		return in(time, this.minDownloadRate);
	}

	private static long in(Duration time, DataSize rate) {
		return rate.toBytes() * time.toMillis() / 1000;
	}

}
