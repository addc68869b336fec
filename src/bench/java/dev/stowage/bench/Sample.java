package dev.stowage.bench;

/**
 * The result of one round.
 *
 * @param count how many pieces of work it did
 * @param seconds by the clock
 * @param cpuSeconds of the server alone
 */
record Sample(int count, double seconds, double cpuSeconds) {

	double perSecond() {
		return this.count / this.seconds;
	}

	/** The server's CPU-seconds for a number of pieces. */
	double cpuPer(double pieces) {
		return this.cpuSeconds * pieces / this.count;
	}

}
