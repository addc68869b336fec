package dev.stowage.check;

/**
 * What a check has seen.
 *
 * @param files available files
 * @param objects objects of the store under the keys of files
 * @param bytesRead bytes whose checksum was compared, or at least their number
 * @param unsummed files that were read but whose checksum is not known
 * @param differences everything that was found
 * @param repaired how many of them were removed or corrected
 */
public record CheckResult(long files, long objects, long bytesRead, long unsummed, long differences, long repaired) {

	public boolean isClean() {
		return this.differences == this.repaired;
	}

}
