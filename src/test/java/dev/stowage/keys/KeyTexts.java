package dev.stowage.keys;

/** Keys that have the right checksum and are wrong. */
public final class KeyTexts {

	private KeyTexts() {
	}

	/** One that was never made. */
	public static String unknown() {
		return KeyText.random().text();
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
