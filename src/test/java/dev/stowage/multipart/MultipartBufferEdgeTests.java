package dev.stowage.multipart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Places significant bytes across the edges of the buffer.
 */
class MultipartBufferEdgeTests {

	private static final String BOUNDARY = MultipartDelimiterTests.BOUNDARY;

	private static final String HEADERS = "Content-Disposition: form-data; name=a\r\n\r\n";

	private static final String NEXT = "\r\n--" + BOUNDARY + " \t\r\n" + HEADERS;

	@Test
	void keepsLookAlikesAcrossEveryEdge() throws IOException {
		assertKeepsContent(
				new EdgeInputStream(MultipartDelimiterTests.lookAlikes().stream().flatMap(Cut::all).toList()));
	}

	@Test
	void findsDelimitersAndHeadersAcrossEveryEdge() throws IOException {
		// One part more than these would be too many
		List<Cut> cuts = Cut.all(NEXT).toList();
		assertFindsParts(new EdgeInputStream(cuts), cuts.size() + 1);
	}

	private static void assertKeepsContent(EdgeInputStream in) throws IOException {
		MultipartReader reader = new MultipartReader(in, BOUNDARY);
		CRC32 content = new CRC32();
		long size = 0;
		byte[] bytes = new byte[DelimiterScanner.BUFFER];
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

	/** A text and how many bytes of it are before an edge. */
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

		/** The bytes between the first headers and the closing delimiter. */
		private final CRC32 content = new CRC32();

		private long size;

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
			return count;
		}

	}

}
