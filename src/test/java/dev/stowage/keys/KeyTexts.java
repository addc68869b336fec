package dev.stowage.keys;

/** Keys that have the right checksum. */
public final class KeyTexts {

	private KeyTexts() {
	}

	/** One that was never made. */
	public static String unknown() {
		return KeyText.random().text();
	}

	/** One of 12 and 43 letters and digits. */
	public static String of(String id, String secret) {
		return new KeyText(id, secret).text();
	}

	/** The same key under another id. */
	public static String withId(String text, String id) {
		return new KeyText(id, KeyText.parse(text).orElseThrow().secret()).text();
	}

	/** The same id with another secret. */
	public static String withSecret(String text, String secret) {
		return new KeyText(KeyText.parse(text).orElseThrow().id(), secret).text();
	}

}
