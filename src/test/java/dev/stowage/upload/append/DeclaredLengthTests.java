package dev.stowage.upload.append;

import java.io.InputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

import dev.stowage.file.FileId;
import dev.stowage.file.FileName;
import dev.stowage.file.Purpose;
import dev.stowage.owner.Owner;
import dev.stowage.upload.ClientBytes;
import dev.stowage.upload.pending.UploadId;
import dev.stowage.upload.pending.UploadStatus;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The length of an upload, as its client says it in up to three ways. */
class DeclaredLengthTests {

	private static final long CHUNKED = Long.MAX_VALUE;

	@ParameterizedTest
	@CsvSource(textBlock = """
			# known, offset, said, body, last, length
			-1, 0, -1, 5,  false, -1
			-1, 0, -1, 5,  true,  5
			-1, 3, -1, 5,  true,  8
			-1, 0, 9,  5,  false, 9
			-1, 0, 9,  -1, false, 9
			-1, 0, -1, -1, true,  -1
			9,  0, -1, 5,  false, 9
			9,  4, 9,  5,  true,  9
			9,  4, -1, -1, true,  9
			9,  9, -1, 0,  true,  9
			-1, 5, -1, 9223372036854775806, true, 9223372036854775807
			""")
	void agrees(long known, long offset, long said, long body, boolean last, long length) {
		assertThat(of(known, offset, said, body, last)).isEqualTo(length(length));
	}

	@ParameterizedTest
	@CsvSource({ "9, 0, 8, 5, false", "9, 0, -1, 5, true", "-1, 0, 9, 5, true", "9, 9, 8, 0, false" })
	void isRefusedWhenItDiffers(long known, long offset, long said, long body, boolean last) {
		assertThatExceptionOfType(AppendException.OtherLength.class)
			.isThrownBy(() -> of(known, offset, said, body, last));
	}

	@ParameterizedTest
	@CsvSource({ "9, 5, -1, 5, false", "-1, 5, 9, 5, false", "9, 9, -1, 1, true",
			"9, 5, -1, 9223372036854775806, false" })
	void isRefusedWhenTheBodyIsLonger(long known, long offset, long said, long body, boolean last) {
		assertThatExceptionOfType(AppendException.BeyondLength.class)
			.isThrownBy(() -> of(known, offset, said, body, last));
	}

	private static OptionalLong of(long known, long offset, long said, long body, boolean last) {
		Instant now = Instant.parse("2026-03-01T10:00:00Z");
		AppendedUpload upload = new AppendedUpload(new UploadId(FileId.createdAt(now)), new Owner("alice"),
				UploadStatus.PENDING, Purpose.USER_DATA, FileName.NONE, "text/plain", length(known), offset, now, now,
				Optional.empty(), Optional.empty());
		return DeclaredLength.of(upload,
				new AppendRequest(offset, length(said), last, false, new Body((body < 0) ? CHUNKED : body), (kept) -> {
				}));
	}

	private static OptionalLong length(long length) {
		return (length < 0) ? OptionalLong.empty() : OptionalLong.of(length);
	}

	/** A body that nobody reads. */
	private record Body(long atMost) implements ClientBytes {

		@Override
		public InputStream bytes() {
			return InputStream.nullInputStream();
		}

		@Override
		public void cancel() {
			// nobody waits for it
		}

	}

}
