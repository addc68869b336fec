package dev.stowage.bench;

import java.time.Duration;
import java.util.List;

/** How much each benchmark does, and what the command line changes about it. */
public final class Scale {

	static final long KIB = 1024;

	static final long MIB = 1024 * KIB;

	static final long GIB = 1024 * MIB;

	/** A short look, too short for figures that are published. */
	public static final boolean QUICK = Boolean.getBoolean("bench.quick");

	/** How often a way and the direct way are run in turn. */
	static final int PAIRS = Integer.getInteger("bench.pairs", QUICK ? 2 : 5);

	/** How long rounds only warm up: a JVM is slow before it has compiled. */
	static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("bench.warm-up", QUICK ? 8 : 30));

	/** How the server's JVM is started. */
	static final List<String> JAVA_OPTIONS = List
		.of(System.getProperty("bench.java-options", "-Xmx256m -XX:+UseParallelGC").split(" +"));

	/** More settings of every server, as {@code NAME=value,NAME=value}. */
	static final String SETTINGS = System.getProperty("bench.settings", "");

	/** The stores to run against; an external one only where it is named. */
	static final List<String> STORES = List.of(System.getProperty("bench.stores", "null,embedded,external").split(","));

	static final List<Long> UPLOAD_SIZES = QUICK ? List.of(256 * MIB) : List.of(256 * MIB, GIB);

	/** Of uploads and downloads beside the floor. */
	static final long LARGE_SIZE = 256 * MIB;

	static final int UPLOADS_AT_ONCE = 2;

	static final long DOWNLOAD_SIZE = QUICK ? 256 * MIB : GIB;

	static final long SMALL_SIZE = 4 * KIB;

	static final int SMALL_AT_ONCE = 16;

	/** The most small requests of one round, which also has a time limit. */
	static final int SMALL_REQUESTS = 20_000;

	static final Duration ROUND = Duration.ofSeconds(QUICK ? 2 : 5);

	static final int MANY_AT_ONCE = 64;

	static final long MANY_SIZE = 64 * MIB;

	static final int FRESH_STARTS = Integer.getInteger("bench.fresh-starts", QUICK ? 1 : 3);

	/** What a program beside the floor does first, while it is cold. */
	static final int COLD_REQUESTS = QUICK ? 500 : 3_000;

	/** What it has done when it counts as warm. */
	static final int WARM_GIB = Integer.getInteger("bench.warm-gib", QUICK ? 1 : 3);

	static final int WARM_REQUESTS = Integer.getInteger("bench.warm-requests", QUICK ? 1_000 : 20_000);

	static final int WARM_ROUND = QUICK ? 500 : 5_000;

	static final long LITTLE = 20 * MIB;

	/** One file in MiB that no memory would hold. */
	static final long HUGE = Integer.getInteger("bench.huge-mib", QUICK ? 2 * 1024 : 20 * 1024) * MIB;

	static final int SLOW_CLIENTS = Integer.getInteger("bench.slow-clients", QUICK ? 250 : 1_000);

	static final int SLOW_BYTES_PER_SECOND = 16 * 1024;

	static final Duration SLOW_TIME = Duration.ofSeconds(QUICK ? 15 : 60);

	static final int FAST_CLIENTS = 4;

	static final long FAST_SIZE = 64 * MIB;

	/** How many clients disconnect midway. */
	static final int HANG_UPS = Integer.getInteger("bench.hang-ups", QUICK ? 100 : 1_000);

	static final List<Long> GROWING_SIZES = List.of(4 * KIB, 64 * KIB, MIB, 16 * MIB, 256 * MIB, GIB);

	static final List<Integer> GROWING_CONCURRENCY = List.of(1, 4, 16, 64);

	static final List<Integer> GROWING_ROWS = QUICK ? List.of(1, 100_000) : List.of(1, 1_000, 1_000_000);

	static final int FEW_ROWS = 10_000;

	static final int MANY_ROWS = Integer.getInteger("bench.rows", QUICK ? 200_000 : 10_000_000);

	/** How often each operation on rows is measured. */
	static final int ROW_ROUNDS = Integer.getInteger("bench.row-rounds", QUICK ? 300 : 1_000);

	/** Small files of one round with several instances; of large ones a 250th. */
	static final int INSTANCE_FILES = Integer.getInteger("bench.instance-files", QUICK ? 1_000 : 8_000);

	/** What the Python SDK sends, and the most that a part may have. */
	static final long PART_SIZE = 64 * MIB;

	/** What clients of a proxy with a limit send, and the least part of S3. */
	static final List<Long> APPENDED_SIZES = List.of(PART_SIZE, 5 * MIB);

	static final int PARTS_AT_ONCE = 4;

	/** As much as OpenAI's API takes. */
	static final int LARGE_PARTS = QUICK ? 16 : 128;

	/** As many as an upload may have. */
	static final int SMALL_PARTS = QUICK ? 1_000 : 10_000;

	static final long SMALL_PART_SIZE = 100 * KIB;

	static final int OPEN_UPLOADS = Integer.getInteger("bench.open-uploads", QUICK ? 100 : 1_000);

	static final int PARTS_OF_OPEN = 10;

	private Scale() {
	}

}
