package dev.stowage.faults;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** An upload in parts, and what its client knows of the parts. */
final class PartUpload {

	private final String id;

	private final Ledger.Entry entry;

	private final byte[] content;

	private final int count;

	private final String[] arrived;

	private final Map<String, Integer> numbers = new HashMap<>();

	/** Cuts the content into a number of parts, or less. */
	PartUpload(String id, Ledger.Entry entry, int count) {
		this.id = id;
		this.entry = entry;
		this.content = entry.content.bytes();
		this.count = Math.min(count, this.content.length);
		this.arrived = new String[this.count];
	}

	String id() {
		return this.id;
	}

	String fileId() {
		return this.id.replace("upload_", "file-");
	}

	Ledger.Entry entry() {
		return this.entry;
	}

	int count() {
		return this.count;
	}

	/** The bytes of a part, by its number from 0. Each is larger than the one before. */
	byte[] bytes(int number) {
		return Arrays.copyOfRange(this.content, start(number), start(number + 1));
	}

	private int start(int number) {
		// squares, so that parts of less and of more than 5 MiB border on each other
		return (int) (number
				+ (long) (this.content.length - this.count) * number * number / ((long) this.count * this.count));
	}

	/** The server has acknowledged a part. */
	synchronized void arrived(int number, String part) {
		this.arrived[number] = part;
		this.numbers.put(part, number);
	}

	synchronized boolean haveAllArrived() {
		return Arrays.stream(this.arrived).noneMatch((part) -> part == null);
	}

	/** The list that makes the content. */
	synchronized List<String> list() {
		return List.of(this.arrived);
	}

	/** Whether another order makes other bytes. */
	boolean isOrdered() {
		List<String> list = list();
		return !sum(list).equals(sum(list.reversed()));
	}

	/** The checksum of the file that a list makes. */
	synchronized String sum(List<String> list) {
		byte[] bytes = new byte[this.content.length];
		int at = 0;
		for (String part : list) {
			byte[] its = bytes(Objects.requireNonNull(this.numbers.get(part)));
			System.arraycopy(its, 0, bytes, at, its.length);
			at += its.length;
		}
		return Content.sha256(bytes);
	}

}
