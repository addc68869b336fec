package dev.stowage.storage.s3;

import java.time.Duration;
import java.util.function.Consumer;

import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;

/**
 * How long the store may take to answer, so that one that stands still holds nobody for
 * longer than need be. A socket's timeout alone ends reads only, and every attempt anew.
 *
 * @param attempt one attempt at a call that moves no bytes
 * @param call such a call with all its attempts
 * @param part one attempt to send 8 MiB; with all its attempts, twice that
 * @param assembly what the store gets to put an object together or to copy it, in which
 * it may say nothing; a second more for each 8 MiB
 */
record S3Timeouts(Duration attempt, Duration call, Duration part, Duration assembly) {

	/** A stalled part ends before the lease of its upload does. */
	static final S3Timeouts USUAL = new S3Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(30),
			Duration.ofMinutes(1), Duration.ofMinutes(1));

	/** For all calls that ask for nothing else. */
	void limit(ClientOverrideConfiguration.Builder calls) {
		calls.apiCallAttemptTimeout(this.attempt).apiCallTimeout(this.call);
	}

	Consumer<AwsRequestOverrideConfiguration.Builder> toSend(long bytes) {
		Duration once = this.part.multipliedBy(Math.max(1, parts(bytes)));
		return (call) -> call.apiCallAttemptTimeout(once).apiCallTimeout(once.multipliedBy(2));
	}

	/** No second attempt while the first may still be at work. */
	Consumer<AwsRequestOverrideConfiguration.Builder> toAssemble(long bytes) {
		Duration once = this.assembly.plusSeconds(parts(bytes));
		return (call) -> call.apiCallAttemptTimeout(once).apiCallTimeout(once);
	}

	private static long parts(long bytes) {
		return Math.ceilDiv(bytes, PartSizes.SMALLEST);
	}

}
