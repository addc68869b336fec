package dev.stowage.multipart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One part of a form: its field's name, the file name and the content type as the client
 * gave them (including directories), and its bytes, which can be read once, and only
 * until the reader moves to the next part.
 *
 * @param headers the values of its other headers, by their lower-case names
 */
public record Part(String name, Optional<String> fileName, Optional<String> contentType,
		Map<String, List<String>> headers, InputStream body) {

	static final int MAX_FIELD_SIZE = 64 * 1024;

	/** The values of another header, in their order; empty when it has none. */
	public List<String> header(String name) {
		return this.headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
	}

	/** The same part, whose body is read through another stream. */
	public Part through(UnaryOperator<InputStream> stream) {
		return new Part(this.name, this.fileName, this.contentType, this.headers, stream.apply(this.body));
	}

	/**
	 * Reads the whole body as UTF-8.
	 */
	public String text() throws IOException {
		byte[] bytes = bytes();
		try {
			// Unlike new String(bytes, UTF_8), a new decoder reports what it cannot read
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (CharacterCodingException ex) {
			throw new MalformedMultipartException("The field " + MalformedMultipartException.quoted(this.name)
					+ " is not valid UTF-8. Send text fields as UTF-8.");
		}
	}

	/**
	 * Reads the whole body, which may be no larger than a field's limit.
	 */
	public byte[] bytes() throws IOException {
		byte[] bytes = this.body.readNBytes(MAX_FIELD_SIZE + 1);
		if (bytes.length > MAX_FIELD_SIZE) {
			throw new MalformedMultipartException("The field " + MalformedMultipartException.quoted(this.name)
					+ " is larger than " + MAX_FIELD_SIZE + " bytes, which is the limit for a form field.");
		}
		return bytes;
	}

}
