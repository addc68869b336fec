package dev.stowage.upload.append;

import dev.stowage.upload.Rounds;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** Looks for newer requests for as long as this instance serves any. */
@Component
class WriterWatch implements SmartLifecycle {

	private final Rounds rounds;

	WriterWatch(Writers writers) {
		this.rounds = new Rounds("writer-watch", () -> Silences.SIGN, writers::look);
	}

	@Override
	public void start() {
		this.rounds.start();
	}

	@Override
	public void stop() {
		this.rounds.stop();
	}

	@Override
	public boolean isRunning() {
		return this.rounds.areRunning();
	}

	/** Later than the web server, which has a far higher phase. */
	@Override
	public int getPhase() {
		return 0;
	}

}
