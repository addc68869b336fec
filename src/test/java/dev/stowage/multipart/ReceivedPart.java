package dev.stowage.multipart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A part as a test compares it; each char of the content is one byte. */
record ReceivedPart(String name, Optional<String> fileName, String content) {

	static List<ReceivedPart> readAll(InputStream body, String boundary) throws IOException {
		MultipartReader reader = new MultipartReader(body, boundary);
		List<ReceivedPart> parts = new ArrayList<>();
		for (Optional<Part> part = reader.next(); part.isPresent(); part = reader.next()) {
			parts.add(of(part.get()));
		}
		return parts;
	}

	static ReceivedPart of(Part part) throws IOException {
		String content = new String(part.body().readAllBytes(), StandardCharsets.ISO_8859_1);
		return new ReceivedPart(part.name(), part.fileName(), content);
	}

}
