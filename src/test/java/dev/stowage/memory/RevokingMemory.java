package dev.stowage.memory;

/** A memory that revokes each reservation after a number of chunks were taken. */
public final class RevokingMemory extends UploadMemory {

	private final int chunks;

	/**
	 * A memory for uploads that end.
	 * @param capacity how many chunks there are
	 * @param chunks how many an upload gets before it is ended
	 */
	public RevokingMemory(int capacity, int chunks) {
		super(capacity);
		this.chunks = chunks;
	}

	@Override
	public Reservation reserve(int wanted, Uploader uploader) throws InterruptedException {
		return new Revoked(super.reserve(wanted, uploader), uploader, this.chunks);
	}

	/** A reservation that ends although its client is not slow. */
	private static final class Revoked extends Reservation {

		private final Reservation real;

		private int left;

		private Revoked(Reservation real, Uploader uploader, int chunks) {
			super(real.size, uploader, real.share, real.turn);
			this.real = real;
			this.left = chunks;
		}

		@Override
		public byte[] take() throws InterruptedException {
			requireLeft();
			byte[] chunk = this.real.take();
			this.left--;
			if (this.left == 0) {
				this.uploader.cancel().run();
			}
			return chunk;
		}

		@Override
		public void filled() {
			requireLeft();
			this.real.filled();
		}

		private void requireLeft() {
			if (isRevoked()) {
				throw new RevokedException();
			}
		}

		@Override
		public boolean isRevoked() {
			return this.left == 0;
		}

		@Override
		public void close() {
			this.real.close();
		}

	}

}
