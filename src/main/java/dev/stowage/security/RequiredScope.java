package dev.stowage.security;

import java.util.Set;
import java.util.function.Supplier;

import dev.stowage.owner.InsufficientScopeException;
import dev.stowage.owner.Owner;
import dev.stowage.owner.Scope;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;

/**
 * Reading takes one scope, everything else another. What belongs to an upload, such as
 * its offset or the URLs of its parts, is no reading.
 */
final class RequiredScope implements AuthorizationManager<RequestAuthorizationContext> {

	private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

	@Override
	public AuthorizationDecision authorize(Supplier<? extends @Nullable Authentication> caller,
			RequestAuthorizationContext context) {
		Authentication known = caller.get();
		if (known == null || !(known.getPrincipal() instanceof Owner)) {
			return new AuthorizationDecision(false);
		}
		Scope needed = of(context.getRequest());
		if (known.getAuthorities().stream().map(GrantedAuthority::getAuthority).noneMatch(needed.wireName()::equals)) {
			throw new InsufficientScopeException(needed);
		}
		return new AuthorizationDecision(true);
	}

	private static Scope of(HttpServletRequest request) {
		String path = request.getRequestURI();
		boolean isUpload = path.startsWith("/v1/uploads/") || path.endsWith("/upload_urls");
		return (READING.contains(request.getMethod()) && !isUpload) ? Scope.READ : Scope.WRITE;
	}

}
