package dev.stowage.storage;

import java.util.zip.CRC32C;

/**
 * The length and the CRC-32C of a run of bytes.
 *
 * @param length in bytes
 * @param crc32c from 0 to 2<sup>32</sup> - 1
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3720#appendix-B.4">RFC 3720</a>
 */
public record Checksum(long length, long crc32c) {

	/** The checksum of no bytes. */
	public static final Checksum EMPTY = new Checksum(0, 0);

	/** The Castagnoli polynomial, its bits reversed. */
	private static final int POLYNOMIAL = 0x82F63B78;

	/** The polynomial 1. */
	private static final int ONE = 1 << 31;

	/** At {@code n}, the polynomial x to the power of 2 to the {@code n}. */
	private static final int[] POWERS = new int[Long.SIZE];

	static {
		int power = ONE >>> 1;
		for (int n = 0; n < POWERS.length; n++) {
			POWERS[n] = power;
			power = multiply(power, power);
		}
	}

	public static Checksum of(long length, CRC32C sum) {
		return new Checksum(length, sum.getValue());
	}

	/**
	 * The checksum of these bytes followed by those of another run.
	 * <p>
	 * To append zeros multiplies a sum by a power of x, modulo the polynomial, and sums
	 * of equal length add up by exclusive or, as in zlib's {@code crc32_combine}.
	 */
	public Checksum then(Checksum next) {
		int shifted = multiply(powerOfX(next.length * Byte.SIZE), (int) this.crc32c);
		return new Checksum(this.length + next.length, (shifted ^ next.crc32c) & 0xFFFF_FFFFL);
	}

	private static int powerOfX(long exponent) {
		int product = ONE;
		for (int n = 0; exponent >>> n != 0; n++) {
			if ((exponent >>> n & 1) == 1) {
				product = multiply(POWERS[n], product);
			}
		}
		return product;
	}

	/** Modulo the polynomial, bits reversed: the highest bit is the lowest power. */
	private static int multiply(int first, int second) {
		int product = 0;
		int shifted = second;
		for (int bit = ONE; bit != 0; bit >>>= 1) {
			if ((first & bit) != 0) {
				product ^= shifted;
			}
			shifted = (shifted >>> 1) ^ ((shifted & 1) * POLYNOMIAL);
		}
		return product;
	}

}
