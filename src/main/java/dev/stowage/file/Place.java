package dev.stowage.file;

/**
 * Where a page of an owner's list starts. A list is ordered by the position that each
 * file took when it became available, and by id where positions are equal.
 *
 * @param position 0 for files that were available before positions were taken
 * @param id breaks ties
 * @param inclusive whether a file at exactly this place is on the page
 */
record Place(long position, String id, boolean inclusive) {

	boolean isBefore(Place other) {
		return (this.position != other.position) ? this.position < other.position : this.id.compareTo(other.id) < 0;
	}

	Place including() {
		return new Place(this.position, this.id, true);
	}

}
