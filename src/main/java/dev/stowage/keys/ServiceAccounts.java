package dev.stowage.keys;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.stowage.database.Changes;
import dev.stowage.owner.Owner;
import dev.stowage.owner.Scope;

import org.springframework.stereotype.Component;

/** Creates, lists and removes service accounts and their keys. */
@Component
public class ServiceAccounts {

	private final AccountRepository rows;

	private final KeyRepository keyRows;

	private final Keys keys;

	private final KnownKeys known;

	private final Changes changes;

	private final Clock clock;

	ServiceAccounts(AccountRepository rows, KeyRepository keyRows, Keys keys, KnownKeys known, Changes changes,
			Clock clock) {
		this.rows = rows;
		this.keyRows = keyRows;
		this.keys = keys;
		this.known = known;
		this.changes = changes;
		this.clock = clock;
	}

	/**
	 * Creates one with its first key.
	 * @throws IllegalArgumentException when the name is empty or too long
	 */
	public Created create(Owner owner, String name, Set<Scope> scopes) {
		ServiceAccount account = new ServiceAccount("svc_acct_" + KeyText.randomId(), owner, name,
				this.clock.instant().truncatedTo(ChronoUnit.SECONDS));
		return this.changes.makeAtOnce(() -> {
			this.rows.add(account);
			return new Created(account, addKey(account, name, scopes));
		});
	}

	/**
	 * Makes one more key.
	 * @throws IllegalArgumentException when the name is empty or too long
	 */
	public NewKey addKey(ServiceAccount account, String name, Set<Scope> scopes) {
		return this.keys
			.create(new AskedKey(account.owner(), Optional.of(account.id()), name, scopes, Optional.empty()));
	}

	/** Empty if the project has no such account. */
	public Optional<ServiceAccount> find(Owner owner, String id) {
		return this.rows.find(owner, id);
	}

	/**
	 * A page in the order of their ids.
	 * @param after the id before the page; empty: the first page
	 */
	public List<ServiceAccount> list(Owner owner, String after, int limit) {
		return this.rows.list(owner, after, limit);
	}

	/**
	 * Removes one, and revokes its keys: at once on this instance, within 10 seconds on
	 * others.
	 * @return whether there was such an account
	 */
	public boolean remove(Owner owner, String id) {
		boolean removed = this.changes.makeAtOnce(() -> {
			boolean wasThere = this.rows.remove(owner, id);
			if (wasThere) {
				this.keyRows.revokeOf(id, this.clock.instant());
			}
			return wasThere;
		});
		this.known.forgetAll();
		return removed;
	}

	/** An account with its first key. */
	public record Created(ServiceAccount account, NewKey key) {
	}

}
