package dev.stowage.storage.s3.parts;

import java.time.Duration;
import java.util.function.Consumer;

import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;

/**
 * How long the store may take to answer, so that a stalled store does not hold requests
 * longer than necessary. A socket timeout alone limits only reads, and starts again with
 * every attempt.
 *
 * @param attempt one attempt of a call that moves no bytes
 * @param call such a call with all its attempts
 * @param part one attempt to send 8 MiB; with all its attempts, twice that
 * @param assembly how long the store may be silent while it assembles or copies an
 * object; one second more for each 8 MiB
 * @param pause before the rest of an object is fetched a second time without getting a
 * byte; it doubles before each further time
 */
public record S3Timeouts(Duration attempt, Duration call, Duration part, Duration assembly, Duration pause) {

	/** A stalled part ends before the lease of its upload does. */
	public static final S3Timeouts USUAL = new S3Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(30),
			Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMillis(250));

	/** The same with another pause. */
	public S3Timeouts withPause(Duration pause) {
		return new S3Timeouts(this.attempt, this.call, this.part, this.assembly, pause);
	}

	/** The default for all calls. */
	public void limit(ClientOverrideConfiguration.Builder calls) {
		calls.apiCallAttemptTimeout(this.attempt).apiCallTimeout(this.call);
	}

	public Consumer<AwsRequestOverrideConfiguration.Builder> toSend(long bytes) {
		Duration once = this.part.multipliedBy(Math.max(1, parts(bytes)));
		return (call) -> call.apiCallAttemptTimeout(once).apiCallTimeout(once.multipliedBy(2));
	}

	/** Makes no second attempt, because the first may still be running. */
	public Consumer<AwsRequestOverrideConfiguration.Builder> toAssemble(long bytes) {
		Duration once = this.assembly.plusSeconds(parts(bytes));
		return (call) -> call.apiCallAttemptTimeout(once).apiCallTimeout(once);
	}

	private static long parts(long bytes) {
		return Math.ceilDiv(bytes, PartSizes.SMALLEST);
	}

}
