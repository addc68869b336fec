package dev.stowage.api;

import java.io.IOException;
import java.io.InputStream;

import io.swagger.v3.core.util.Yaml31;
import io.swagger.v3.oas.models.OpenAPI;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;

/**
 * The API's description. It is written by hand in one readable file, because annotations
 * cannot describe two styles of request on one path. Tests compare it with what the
 * server answers.
 */
@Configuration(proxyBeanMethods = false)
class ApiDescription {

	@Bean
	OpenAPI openApi() throws IOException {
		try (InputStream yaml = new ClassPathResource("openapi.yaml").getInputStream()) {
			return Yaml31.mapper().readValue(yaml, OpenAPI.class);
		}
	}

}
