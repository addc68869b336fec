package dev.stowage.faults;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

import dev.stowage.support.Form;

/**
 * The bytes of a file, which follow from its name.
 *
 * @param number no two files have the same
 * @param size in bytes, from 1
 * @param json whether it is a JSON value, as the pre-signed style requires
 */
record Content(long number, int size, boolean json) {

	String name() {
		return this.number + "-" + this.size + (this.json ? ".json" : ".bin");
	}

	byte[] bytes() {
		byte[] bytes = new byte[this.size];
		SplittableRandom random = new SplittableRandom(this.number);
		ByteBuffer buffer = ByteBuffer.wrap(bytes);
		while (buffer.remaining() >= Long.BYTES) {
			long next = random.nextLong();
			buffer.putLong(this.json ? letters(next) : next);
		}
		while (buffer.hasRemaining()) {
			buffer.put((byte) (this.json ? 'a' : random.nextInt()));
		}
		if (this.json && this.size == 1) {
			bytes[0] = (byte) ('0' + random.nextInt(10));
		}
		else if (this.json) {
			bytes[0] = '"';
			bytes[this.size - 1] = '"';
		}
		return bytes;
	}

	/** Each byte becomes one of {@code @ A … O}. */
	private static long letters(long bits) {
		return (bits & 0x0F0F_0F0F_0F0F_0F0FL) | 0x4040_4040_4040_4040L;
	}

	String sha256() {
		return sha256(bytes());
	}

	static String sha256(byte[] bytes) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	byte[] form() {
		return new Form().field("purpose", "user_data").file(name(), bytes()).bytes();
	}

}
