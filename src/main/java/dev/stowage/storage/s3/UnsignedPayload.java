package dev.stowage.storage.s3;

import java.util.concurrent.CompletableFuture;

import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.scheme.AwsV4AuthScheme;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignRequest;
import software.amazon.awssdk.http.auth.spi.signer.AsyncSignedRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.IdentityProviders;

/**
 * Signs requests over plain http as the SDK signs those over https: everything but the
 * body, whose SHA-256 is a third of what an upload costs. The SDK has no setting for it.
 */
final class UnsignedPayload implements AwsV4AuthScheme, AwsV4HttpSigner {

	private final AwsV4AuthScheme scheme = AwsV4AuthScheme.create();

	@Override
	public String schemeId() {
		return this.scheme.schemeId();
	}

	@Override
	public IdentityProvider<AwsCredentialsIdentity> identityProvider(IdentityProviders providers) {
		return this.scheme.identityProvider(providers);
	}

	@Override
	public AwsV4HttpSigner signer() {
		return this;
	}

	@Override
	public SignedRequest sign(SignRequest<? extends AwsCredentialsIdentity> request) {
		SdkHttpRequest http = request.request();
		SignedRequest signed = this.scheme.signer().sign(overHttps(request, http));
		return signed.copy((copy) -> copy
			.request(signed.request().copy((back) -> back.protocol(http.protocol()).port(http.port()))));
	}

	private static <T extends AwsCredentialsIdentity> SignRequest<T> overHttps(SignRequest<T> request,
			SdkHttpRequest http) {
		return request
			.copy((copy) -> copy.request(https(http)).putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false));
	}

	/** Uses the default port of https for that of http, which the Host header omits. */
	private static SdkHttpRequest https(SdkHttpRequest http) {
		return http.copy((copy) -> copy.protocol("https").port((http.port() == 80) ? 443 : http.port()));
	}

	@Override
	public CompletableFuture<AsyncSignedRequest> signAsync(AsyncSignRequest<? extends AwsCredentialsIdentity> request) {
		return this.scheme.signer().signAsync(request);
	}

}
