package dev.stowage.security;

import java.util.Optional;
import java.util.Set;

import dev.stowage.owner.Owner;
import dev.stowage.owner.Scope;

import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/**
 * Who asks.
 *
 * @param owner for whom
 * @param credential the id of the managed key, or the subject of the token
 * @param scopes what the key allows
 */
record Caller(Owner owner, Optional<String> credential, Set<Scope> scopes) {

	Caller {
		scopes = Set.copyOf(scopes);
	}

	/** The same for Spring Security: the owner is the principal. */
	UsernamePasswordAuthenticationToken authentication() {
		UsernamePasswordAuthenticationToken token = UsernamePasswordAuthenticationToken.authenticated(this.owner, null,
				this.scopes.stream().map((scope) -> new SimpleGrantedAuthority(scope.wireName())).toList());
		token.setDetails(this.credential);
		return token;
	}

}
