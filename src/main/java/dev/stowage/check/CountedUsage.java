package dev.stowage.check;

/**
 * What an owner's rows say at one moment, and what is counted for its quota.
 *
 * @param owner its name
 * @param files how many rows count
 * @param bytes how many bytes they have, or will have
 * @param countedFiles how many files are counted
 * @param countedBytes how many bytes are counted
 */
record CountedUsage(String owner, long files, long bytes, long countedFiles, long countedBytes) {

	@Override
	public String toString() {
		return Printable.text(this.owner) + ": counted are " + this.countedFiles + " files with " + this.countedBytes
				+ " bytes, not " + this.files + " with " + this.bytes;
	}

}
