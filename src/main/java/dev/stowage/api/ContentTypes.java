package dev.stowage.api;

import java.nio.charset.Charset;
import java.util.Optional;

import dev.stowage.file.FileName;

import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;

/**
 * Which content type a file has: the one that its client names, otherwise the one that
 * its extension is known for.
 */
public final class ContentTypes {

	/** More than any registered type has. */
	private static final int MAX_LENGTH = 127;

	private ContentTypes() {
	}

	/**
	 * The type of a file.
	 * @param named by the client; what is no concrete media type counts as not named
	 */
	public static String of(Optional<String> named, FileName name) {
		return named.flatMap(ContentTypes::concrete)
			.or(() -> MediaTypeFactory.getMediaType(name.value()))
			.orElse(MediaType.APPLICATION_OCTET_STREAM)
			.toString();
	}

	/** Of its parameters, only the charset is kept: it is repeated to other clients. */
	private static Optional<MediaType> concrete(String named) {
		try {
			MediaType type = MediaType.parseMediaType(named);
			if (!type.isConcrete() || type.getType().length() + type.getSubtype().length() > MAX_LENGTH) {
				return Optional.empty();
			}
			Charset charset = type.getCharset();
			MediaType plain = new MediaType(type.getType(), type.getSubtype());
			return Optional.of((charset != null) ? new MediaType(plain, charset) : plain);
		}
		catch (IllegalArgumentException ex) {
			return Optional.empty();
		}
	}

}
