package dev.stowage.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Puts what matters across the edges of the buffer, while it grows and when it has grown.
 */
class MultipartBufferEdgeTests {

	private static final String BOUNDARY = MultipartDelimiterTests.BOUNDARY;

	private static final String HEADERS = "Content-Disposition: form-data; name=a\r\n\r\n";

	private static final String NEXT = "\r\n--" + BOUNDARY + " \t\r\n" + HEADERS;

	/** How many edges there are until the buffer is at its largest, the last included. */
	private static final int GROWTH = 1
			+ Integer.numberOfTrailingZeros(DelimiterScanner.LARGEST_BUFFER / DelimiterScanner.FIRST_BUFFER);

	@Test
	void keepsLookAlikesAcrossEveryEdgeOfTheLargestBuffer() throws IOException {
		List<Cut> cuts = MultipartDelimiterTests.lookAlikes().stream().flatMap(Cut::all).toList();
		List<Cut> growing = Collections.nCopies(GROWTH, cuts.getFirst());
		EdgeInputStream in = new EdgeInputStream(Stream.concat(growing.stream(), cuts.stream()).toList());
		assertKeepsContent(in);
		assertThat(in.largest).isEqualTo(cuts.size() + 1);
	}

	@Test
	void keepsLookAlikesAcrossEveryEdgeOfTheGrowingBuffer() throws IOException {
		for (Cut cut : MultipartDelimiterTests.lookAlikes().stream().flatMap(Cut::all).toList()) {
			EdgeInputStream in = new EdgeInputStream(Collections.nCopies(GROWTH, cut));
			assertKeepsContent(in);
			assertThat(in.largest).isEqualTo(1);
		}
	}

	@Test
	void findsDelimitersAndHeadersAcrossEveryEdgeOfTheLargestBuffer() throws IOException {
		// One part more than these would be too many
		List<Cut> cuts = Cut.all(NEXT).toList();
		List<Cut> growing = Collections.nCopies(GROWTH, new Cut("x", 1));
		EdgeInputStream in = new EdgeInputStream(Stream.concat(growing.stream(), cuts.stream()).toList());
		assertFindsParts(in, cuts.size() + 1);
		assertThat(in.largest).isEqualTo(cuts.size() + 1);
	}

	@Test
	void findsDelimitersAndHeadersAcrossEveryEdgeOfTheGrowingBuffer() throws IOException {
		for (Cut cut : Cut.all(NEXT).toList()) {
			assertFindsParts(new EdgeInputStream(Collections.nCopies(GROWTH, cut)), GROWTH + 1);
		}
	}

	private static void assertKeepsContent(EdgeInputStream in) throws IOException {
		MultipartReader reader = new MultipartReader(in, BOUNDARY);
		CRC32 content = new CRC32();
		long size = 0;
		byte[] bytes = new byte[DelimiterScanner.LARGEST_BUFFER];
		InputStream part = reader.next().orElseThrow().body();
		for (int count = part.read(bytes); count >= 0; count = part.read(bytes)) {
			content.update(bytes, 0, count);
			size += count;
		}
		assertThat(reader.next()).isEmpty();
		assertThat(size).isEqualTo(in.size);
		assertThat(content.getValue()).isEqualTo(in.content.getValue());
	}

	private static void assertFindsParts(EdgeInputStream in, int parts) throws IOException {
		MultipartReader reader = new MultipartReader(in, BOUNDARY);
		List<Long> sizes = new ArrayList<>();
		for (Optional<Part> part = reader.next(); part.isPresent(); part = reader.next()) {
			assertThat(part.get().name()).isEqualTo("a");
			sizes.add(part.get().body().skip(Long.MAX_VALUE));
		}
		assertThat(sizes).hasSize(parts);
		assertThat(sizes.stream().mapToLong(Long::longValue).sum()).isEqualTo(in.size - (parts - 1L) * NEXT.length());
	}

	/** A text and how many bytes of it stand before an edge. */
	private record Cut(String text, int before) {

		static Stream<Cut> all(String text) {
			return IntStream.range(1, Math.max(2, text.length())).mapToObj((before) -> new Cut(text, before));
		}

		byte[] head() {
			return this.text.substring(0, this.before).getBytes(StandardCharsets.ISO_8859_1);
		}

		byte[] tail() {
			return this.text.substring(this.before).getBytes(StandardCharsets.ISO_8859_1);
		}

	}

	/**
	 * A body that fills the buffer at every read, up to a cut; one read, one cut.
	 */
	private static final class EdgeInputStream extends InputStream {

		private final byte[] open = ("--" + BOUNDARY + "\r\n" + HEADERS).getBytes(StandardCharsets.US_ASCII);

		private final byte[] close = ("y\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII);

		private final List<Cut> cuts;

		private int next;

		/** What was given between the first headers and the closing delimiter. */
		private final CRC32 content = new CRC32();

		private long size;

		/** How many of the edges were edges of the largest buffer. */
		private int largest;

		EdgeInputStream(List<Cut> cuts) {
			this.cuts = cuts;
		}

		@Override
		public int read() {
			throw new UnsupportedOperationException();
		}

		@Override
		public int read(byte[] bytes, int offset, int length) {
			boolean opens = this.next == 0;
			byte[] first = opens ? this.open : this.cuts.get(this.next - 1).tail();
			boolean last = this.next == this.cuts.size();
			byte[] rest = last ? this.close : this.cuts.get(this.next++).head();
			int count = last ? first.length + rest.length : length;
			Arrays.fill(bytes, offset, offset + count, (byte) 'x');
			System.arraycopy(first, 0, bytes, offset, first.length);
			System.arraycopy(rest, 0, bytes, offset + count - rest.length, rest.length);
			int from = opens ? first.length : 0;
			int to = last ? first.length + 1 : count;
			this.content.update(bytes, offset + from, to - from);
			this.size += to - from;
			this.largest += (!last && bytes.length == DelimiterScanner.LARGEST_BUFFER) ? 1 : 0;
			return count;
		}

	}

}
