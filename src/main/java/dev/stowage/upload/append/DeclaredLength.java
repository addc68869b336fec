package dev.stowage.upload.append;

import java.util.OptionalLong;

/**
 * What a request says of the length of its upload, in up to three ways that must agree.
 */
final class DeclaredLength {

	private DeclaredLength() {
	}

	/**
	 * The length of the file; empty if nobody has said it.
	 * @throws AppendException.OtherLength when the request says another one than before
	 * @throws AppendException.BeyondLength when its body is longer than the rest
	 */
	static OptionalLong of(AppendedUpload upload, AppendRequest request) {
		long body = request.bytes().atMost();
		OptionalLong length = agreed(upload, upload.length(), request.length());
		if (body == Long.MAX_VALUE) {
			return length;
		}
		long end = (body > Long.MAX_VALUE - request.offset()) ? Long.MAX_VALUE : request.offset() + body;
		if (length.isPresent() && end > length.getAsLong()) {
			throw new AppendException.BeyondLength(upload.id(), length.getAsLong());
		}
		return request.isLast() ? agreed(upload, length, OptionalLong.of(end)) : length;
	}

	private static OptionalLong agreed(AppendedUpload upload, OptionalLong known, OptionalLong said) {
		if (known.isPresent() && said.isPresent() && known.getAsLong() != said.getAsLong()) {
			throw new AppendException.OtherLength(upload.id(), known.getAsLong(), said.getAsLong());
		}
		return known.isPresent() ? known : said;
	}

}
