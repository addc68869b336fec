package dev.stowage.storage.s3.parts;

import java.util.List;

import dev.stowage.storage.ObjectRange;

/** How one part of a composed object gets its bytes. */
sealed interface ComposedPart {

	/** In bytes. */
	long length();

	/**
	 * The store copies the range.
	 *
	 * @param source as large as one part may be, or less
	 */
	record Copied(ObjectRange source) implements ComposedPart {

		@Override
		public long length() {
			return this.source.length();
		}

	}

	/**
	 * The ranges are read into memory and sent as one part.
	 *
	 * @param sources in order; together they fit into memory
	 */
	record Merged(List<ObjectRange> sources) implements ComposedPart {

		@Override
		public long length() {
			return this.sources.stream().mapToLong(ObjectRange::length).sum();
		}

	}

}
