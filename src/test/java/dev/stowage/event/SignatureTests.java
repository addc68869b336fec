package dev.stowage.event;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Signatures, compared with the example of the reference libraries. */
class SignatureTests {

	@Test
	void areThoseOfStandardWebhooks() {
		Signature signature = new Signature(Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
		assertThat(signature.of("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330,
				"{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
			.isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	}

}
