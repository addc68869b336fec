package dev.stowage.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import dev.stowage.bench.Throughput;
import dev.stowage.multipart.MultipartReader;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.runner.RunnerException;

/**
 * The multipart reader alone, over bodies in memory: 16 times the same MiB, so that the
 * reader is measured and not the memory behind the caches.
 */
@State(Scope.Thread)
public class ReaderBench {

	private static final int BLOCK = 1024 * 1024;

	private static final int BLOCKS = 16;

	private static final String USUAL_BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW";

	private static final String LONG_BOUNDARY = "a".repeat(70);

	/** What the file is made of. */
	public enum Body {

		RANDOM(USUAL_BOUNDARY, ""), CARRIAGE_RETURNS(USUAL_BOUNDARY, "\r"), LINE_ENDS(USUAL_BOUNDARY, "\r\n"),
		DASHES(USUAL_BOUNDARY, "-"), DELIMITER_STARTS(USUAL_BOUNDARY, "\r\n--"),
		ALL_BUT_THE_LAST_BYTE(USUAL_BOUNDARY, "\r\n--" + USUAL_BOUNDARY.substring(0, USUAL_BOUNDARY.length() - 1)),
		ALL_BUT_THE_FIRST_BYTE(USUAL_BOUNDARY, "\n\n--" + USUAL_BOUNDARY),
		LOOK_ALIKES(USUAL_BOUNDARY, "\r\n--" + USUAL_BOUNDARY + "x"), LETTERS_OF_THE_BOUNDARY(LONG_BOUNDARY, "a"),
		ALL_BUT_THE_FIRST_LETTER(LONG_BOUNDARY, "\r\n-b" + LONG_BOUNDARY);

		private final String boundary;

		private final String repeated;

		Body(String boundary, String repeated) {
			this.boundary = boundary;
			this.repeated = repeated;
		}

		byte[] block() {
			byte[] block = new byte[BLOCK];
			if (this.repeated.isEmpty()) {
				new Random(1).nextBytes(block);
				return block;
			}
			byte[] unit = this.repeated.getBytes(StandardCharsets.US_ASCII);
			for (int i = 0; i < BLOCK; i++) {
				block[i] = unit[i % unit.length];
			}
			return block;
		}

	}

	/** Which body to read. */
	@Param
	public Body body = Body.RANDOM;

	private byte[] block = {};

	private final byte[] sink = new byte[256 * 1024];

	/** Makes the body's bytes. */
	@Setup
	public void fill() {
		this.block = this.body.block();
	}

	/** Reads a form with one file. */
	@Benchmark
	public long read() throws IOException {
		MultipartReader reader = new MultipartReader(form(), this.body.boundary);
		long length = 0;
		InputStream file = reader.next().orElseThrow().body();
		for (int count = file.read(this.sink); count >= 0; count = file.read(this.sink)) {
			length += count;
		}
		if (length != (long) BLOCK * BLOCKS || reader.next().isPresent()) {
			throw new IllegalStateException("Read " + length + " bytes");
		}
		return length;
	}

	private InputStream form() {
		byte[] before = ("--" + this.body.boundary + "\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII);
		byte[] after = ("\r\n--" + this.body.boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
		List<byte[]> all = Stream.of(List.of(before), Collections.nCopies(BLOCKS, this.block), List.of(after))
			.flatMap(List::stream)
			.toList();
		return new SequenceInputStream(Collections.enumeration(all.stream().map(ByteArrayInputStream::new).toList()));
	}

	@Test
	void printThroughput() throws RunnerException {
		Throughput.print(ReaderBench.class, "Multipart reader alone", "body", (body) -> (long) BLOCK * BLOCKS);
	}

}
