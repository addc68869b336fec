package dev.stowage.api.description;

import java.io.IOException;
import java.util.Properties;

import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the files of Swagger UI, which lie in a folder that has its version as name. */
@Configuration(proxyBeanMethods = false)
class SwaggerPage implements WebMvcConfigurer {

	private static final String LIBRARY = "META-INF/maven/org.webjars/swagger-ui/pom.properties";

	private final String folder;

	SwaggerPage() throws IOException {
		Properties library = PropertiesLoaderUtils.loadProperties(new ClassPathResource(LIBRARY));
		this.folder = "classpath:/META-INF/resources/webjars/swagger-ui/" + library.getProperty("version") + "/";
	}

	@Override
	public void addResourceHandlers(ResourceHandlerRegistry registry) {
		registry.addResourceHandler("/swagger-ui/**").addResourceLocations(this.folder);
	}

}
