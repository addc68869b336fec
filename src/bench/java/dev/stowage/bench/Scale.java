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
	static final Duration WARM_UP = Duration.ofSeconds(QUICK ? 8 : 25);

	/** How the server's JVM is started. */
	static final List<String> JAVA_OPTIONS = List.of(System.getProperty("bench.java-options", "-Xmx256m").split(" +"));

	/** More settings of every server, as {@code NAME=value,NAME=value}. */
	static final String SETTINGS = System.getProperty("bench.settings", "");

	/** The stores to run against; an external one only where it is named. */
	static final List<String> STORES = List.of(System.getProperty("bench.stores", "null,embedded,external").split(","));

	/** Whether uploads run also with STOWAGE_S3_SIGN_PAYLOAD=false. */
	static final boolean UNSIGNED = Boolean.getBoolean("bench.unsigned");

	static final List<Long> UPLOAD_SIZES = QUICK ? List.of(256 * MIB) : List.of(256 * MIB, GIB);

	static final int UPLOADS_AT_ONCE = 2;

	static final long DOWNLOAD_SIZE = QUICK ? 256 * MIB : GIB;

	static final long SMALL_SIZE = 4 * KIB;

	static final int SMALL_AT_ONCE = 16;

	/** The most small requests of one round, which ends after so long in any case. */
	static final int SMALL_REQUESTS = 20_000;

	static final Duration ROUND = Duration.ofSeconds(QUICK ? 2 : 5);

	private Scale() {
	}

}
