package dev.stowage.http.overload;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

import dev.stowage.http.ClientAddress;
import dev.stowage.http.HttpProperties;
import dev.stowage.http.RequestWithoutBody;
import dev.stowage.http.RestOfBody;
import dev.stowage.http.ServerBusyException;
import dev.stowage.owner.Owner;
import dev.stowage.owner.Owners;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * Refuses requests beyond those that the server can serve at the same time, or beyond the
 * caller's share, before any work is done for them. Requests with a key and requests
 * without one have separate places, so strangers take none from owners. The liveness
 * probe and the metrics are not limited.
 */
@Component
@Order(AdmissionFilter.ORDER)
class AdmissionFilter extends OncePerRequestFilter {

	/** After the filters that check the key and its owner's limits. */
	static final int ORDER = SecurityFilterProperties.DEFAULT_FILTER_ORDER + 3;

	private final Places ofOwners;

	private final Places ofStrangers;

	private final Places ofProbes;

	private final Owners owners;

	private final Counter turnedAway;

	private final HandlerExceptionResolver problems;

	private final HttpProperties properties;

	AdmissionFilter(HttpProperties properties, Owners owners, MeterRegistry meters,
			@Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
		Capacity capacity = Capacity.of(properties);
		this.ofOwners = new Places(capacity.requests(), properties.ownerShare());
		this.ofStrangers = new Places(capacity.strangers(), properties.addressShare());
		this.ofProbes = new Places(capacity.strangers(), properties.addressShare());
		this.owners = owners;
		this.turnedAway = TurnedAway.requests(meters);
		this.problems = problems;
		this.properties = properties;
	}

	/** How many more requests of owners can be served now. */
	int free() {
		return this.ofOwners.free();
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		HttpServletRequest readable = RestOfBody.isLeft(request) ? new RequestWithoutBody(request) : request;
		serve(new MeasuredRequest(readable, this.properties), response, chain);
	}

	private void serve(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (isFree(request)) {
			chain.doFilter(request, response);
			return;
		}
		ClientAddress address = ClientAddress.of(request.getRemoteAddr());
		Authentication caller = SecurityContextHolder.getContext().getAuthentication();
		if (request.getRequestURI().startsWith("/actuator/")) {
			admit(this.ofProbes, address, true, request, response, chain);
		}
		else if (caller != null && caller.getPrincipal() instanceof Owner owner) {
			Conversation.of(request).expectSlowReader();
			// a single owner may use every place
			admit(this.ofOwners, owner, this.owners.areSeveral(), request, response, chain);
		}
		else {
			admit(this.ofStrangers, address, true, request, response, chain);
		}
	}

	private static boolean isFree(HttpServletRequest request) {
		String path = request.getRequestURI();
		return path.equals("/actuator/health/liveness") || path.equals("/actuator/prometheus");
	}

	private void admit(Places places, Object caller, boolean shared, HttpServletRequest request,
			HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
		if (!(shared ? places.take(caller) : places.takeAny(caller))) {
			this.turnedAway.increment();
			BodyDrain.drainBriefly(request);
			this.problems.resolveException(request, response, null,
					(places.free() > 0) ? ServerBusyException.ofShare() : new ServerBusyException());
			return;
		}
		Conversation conversation = Conversation.of(request);
		conversation.admit(() -> places.leave(caller));
		try {
			chain.doFilter(request, response);
		}
		finally {
			conversation.leavePlace();
		}
	}

	/** A request whose body is measured in every controller. */
	private static final class MeasuredRequest extends HttpServletRequestWrapper {

		private final HttpProperties properties;

		private @Nullable ClientBody body;

		private MeasuredRequest(HttpServletRequest request, HttpProperties properties) {
			super(request);
			this.properties = properties;
		}

		@Override
		public ServletInputStream getInputStream() throws IOException {
			ClientBody known = this.body;
			if (known == null) {
				known = new ClientBody(super.getInputStream(), getContentLengthLong(), Conversation.of(this),
						this.properties);
				this.body = known;
			}
			return known;
		}

		@Override
		public BufferedReader getReader() throws IOException {
			Charset charset = (getCharacterEncoding() != null) ? Charset.forName(getCharacterEncoding())
					: StandardCharsets.UTF_8;
			return new BufferedReader(new InputStreamReader(getInputStream(), charset));
		}

	}

}
