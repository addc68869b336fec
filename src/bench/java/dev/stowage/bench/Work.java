package dev.stowage.bench;

/**
 * What programs do in turn.
 *
 * @param unit what figures are for, such as {@code GiB}
 * @param perUnit how many tasks that is
 * @param atOnce how many tasks are done at a time
 * @param first how many tasks a fresh process is measured with
 * @param warmUp how many tasks it has done when it is warm
 * @param round how many tasks a round of a warm process has
 * @param preparation what makes the task for a program
 */
record Work(String unit, int perUnit, int atOnce, int first, int warmUp, int round, Preparation preparation) {

	/** Prepares a program, and returns what is done many times. */
	interface Preparation {

		Load.Task prepare(Subject subject) throws Exception;

	}

	/** Uploads or downloads of 256 MiB. */
	static Work large(Preparation preparation) {
		int perUnit = Math.toIntExact(Scale.GIB / Scale.LARGE_SIZE);
		return new Work("GiB", perUnit, Scale.UPLOADS_AT_ONCE, perUnit, Scale.WARM_GIB * perUnit, perUnit, preparation);
	}

	/** Many short requests. */
	static Work small(Load.Task task) {
		return new Work("1,000", 1_000, Scale.SMALL_AT_ONCE, Scale.COLD_REQUESTS, Scale.WARM_REQUESTS, Scale.WARM_ROUND,
				(subject) -> task);
	}

	/** Measures the first work of a fresh program. */
	Sample measureFirst(Subject subject) throws Exception {
		return measure(subject, this.preparation.prepare(subject), this.first);
	}

	/** Measures a number of tasks. */
	Sample measure(Subject subject, Load.Task task, int tasks) throws Exception {
		return subject.measure(() -> Load.run(subject.url(), this.atOnce, tasks, task));
	}

	/** A number of tasks in units, such as {@code 3 GiB} or {@code 20,000}. */
	String amount(int tasks) {
		return (this.perUnit == 1_000) ? "%,d".formatted(tasks) : tasks / this.perUnit + " " + this.unit;
	}

}
