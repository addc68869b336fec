package dev.stowage.upload.append;

import java.io.InputStream;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

import dev.stowage.upload.ClientBytes;

/**
 * What a client appends.
 *
 * @param offset where it believes the upload continues
 * @param length of the whole file, if the client says it
 * @param isLast whether the client says that the file ends with these bytes
 * @param isChecked whether the bytes have a digest, so that none may be kept before all
 * were read. A read that fails then means that they are not the ones that were sent
 * @param bytes what it sends
 * @param progress receives how many bytes of the file are kept, whenever there are more
 */
public record AppendRequest(long offset, OptionalLong length, boolean isLast, boolean isChecked, ClientBytes bytes,
		LongConsumer progress) {

	/** A request without a body, which finishes what is only unfinished. */
	static AppendRequest ofNothing(long offset) {
		return new AppendRequest(offset, OptionalLong.empty(), false, false, NoBytes.INSTANCE, (kept) -> {
		});
	}

	/** Of a request without a body. */
	private enum NoBytes implements ClientBytes {

		INSTANCE;

		@Override
		public InputStream bytes() {
			return InputStream.nullInputStream();
		}

		@Override
		public void cancel() {
			// nobody waits for a client
		}

		@Override
		public long atMost() {
			return 0;
		}

	}

}
