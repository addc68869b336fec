package dev.stowage.http.path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

/** Which paths lead to the routes of files and uploads, besides their own. */
class PathAliasTests {

	@ParameterizedTest
	@CsvSource({ "/openai/v1/files, /v1/files", "/openai/files, /v1/files", "/openai/v1/uploads, /v1/uploads",
			"/openai/uploads, /v1/uploads", "/openai/v1/files/file-1/content, /v1/files/file-1/content",
			"/openai/files/file-1, /v1/files/file-1", "/openai/files/a%252Fb, /v1/files/a%252Fb",
			"/openai/uploads/upload_1/parts, /v1/uploads/upload_1/parts" })
	void leadToRoutes(String alias, String route) {
		assertThat(PathAlias.route(alias)).contains(route);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1/files", "/files", "/openai", "/openai/v1", "/openai/v1/usage", "/openai/filesystem",
			"/openai/v1/v1/files", "/openai/v2/files", "/openai/organization/projects", "/openai/deployments/x/files",
			"/x/openai/files", "/OpenAI/files", "/openai/v1files", "/openai/%252E%252E/files", "/actuator/openai/files",
			"/openai/openai/files", "/" })
	void areNoOthers(String path) {
		assertThat(PathAlias.route(path)).isEmpty();
	}

	@Test
	void locateNewFilesForAzuresClientsOnly() {
		MockHttpServletRequest request = new MockHttpServletRequest();
		assertThat(PathAlias.location(request, "file-1")).isEmpty();
		request.setAttribute(PathAlias.ATTRIBUTE, "/openai/v1/files");
		assertThat(PathAlias.location(request, "file-1")).isEmpty();
		request.setAttribute(PathAlias.ATTRIBUTE, "/openai/files");
		assertThat(PathAlias.location(request, "file-1")).contains("/openai/files/file-1");
	}

}
