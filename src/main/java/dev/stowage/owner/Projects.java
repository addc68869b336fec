package dev.stowage.owner;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import org.springframework.stereotype.Component;

/** Creates, names and archives owners, which OpenAI's API calls projects. */
@Component
public class Projects {

	private static final int ID_BYTES = 12;

	private static final SecureRandom RANDOM = new SecureRandom();

	private final OwnerRepository rows;

	private final Clock clock;

	Projects(OwnerRepository rows, Clock clock) {
		this.rows = rows;
		this.clock = clock;
	}

	/**
	 * Creates one with an id of its own.
	 * @throws IllegalArgumentException when the title is empty or too long
	 */
	public Project create(String title) {
		byte[] random = new byte[ID_BYTES];
		RANDOM.nextBytes(random);
		Owner owner = new Owner("proj_" + HexFormat.of().formatHex(random));
		this.rows.addIfMissing(owner, Title.require(title), this.clock.instant());
		return this.rows.find(owner).orElseThrow();
	}

	/** Creates an owner that others know already; returns whether it was missing. */
	public boolean addIfMissing(Owner owner) {
		return this.rows.addIfMissing(owner, owner.name(), this.clock.instant());
	}

	public Optional<Project> find(Owner owner) {
		return this.rows.find(owner);
	}

	/**
	 * A page in the order of their ids.
	 * @param after the id before the page; empty: the first page
	 * @param archived whether archived ones are listed, too
	 */
	public List<Project> list(String after, boolean archived, int limit) {
		return this.rows.list(after, archived, limit);
	}

	/**
	 * Changes the title; empty if there is no such project.
	 * @throws IllegalArgumentException when the title is empty or too long
	 */
	public Optional<Project> rename(Owner owner, String title) {
		this.rows.rename(owner, Title.require(title));
		return find(owner);
	}

	/**
	 * Its keys open nothing from now on, on each instance within 10 seconds; its files
	 * stay. Archiving twice is the same. Empty if there is no such project.
	 */
	public Optional<Project> archive(Owner owner) {
		this.rows.archive(owner, this.clock.instant());
		return find(owner);
	}

}
