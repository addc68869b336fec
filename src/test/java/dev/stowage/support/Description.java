package dev.stowage.support;

import java.util.List;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Compares answers with the description of an API. */
public final class Description {

	private static final JsonMapper json = new JsonMapper();

	private Description() {
	}

	/** The errors that a schema in a description reports. */
	public static List<String> errors(JsonNode document, String schema, JsonNode instance) {
		ObjectNode wrapper = json.createObjectNode();
		wrapper.put("$ref", schema);
		wrapper.set("components", document.path("components"));
		wrapper.set("paths", document.path("paths"));
		return errors(wrapper, instance);
	}

	/** The errors that a schema reports, with the definitions to which it refers. */
	public static List<String> errors(JsonNode schema, JsonNode instance) {
		return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
			.getSchema(schema)
			.validate(instance)
			.stream()
			.map(Object::toString)
			.toList();
	}

}
