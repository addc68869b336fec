package dev.stowage.support;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that does not move until a test moves it. */
public final class StandingClock extends Clock {

	private final AtomicReference<Instant> now;

	public StandingClock(Instant now) {
		this.now = new AtomicReference<>(now);
	}

	public void move(Duration by) {
		this.now.updateAndGet((before) -> before.plus(by));
	}

	public void set(Instant to) {
		this.now.set(to);
	}

	@Override
	public Instant instant() {
		return this.now.get();
	}

	@Override
	public ZoneId getZone() {
		return ZoneOffset.UTC;
	}

	@Override
	public Clock withZone(ZoneId zone) {
		return this;
	}

}
