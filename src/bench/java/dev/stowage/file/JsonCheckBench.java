package dev.stowage.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import dev.stowage.bench.Throughput;
import dev.stowage.json.InvalidJsonException;
import dev.stowage.json.JsonCheck;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.runner.RunnerException;

/** The check of a JSON file alone, over documents in memory. */
@State(Scope.Thread)
public class JsonCheckBench {

	private static final int LENGTH = 4 * 1024 * 1024;

	/** What the document is an array of. */
	public enum Document {

		REQUESTS(
				"""
						{"custom_id":"request-17","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o",\
						"messages":[{"role":"user","content":"Say \\"hello\\" in five languages, please."}],"max_tokens":1000}}"""),
		INDENTED("""
				{
				    "id": 17,
				    "name": "a name",
				    "tags": [
				        "one",
				        "two"
				    ],
				    "active": true,
				    "parent": null
				  }"""), LONG_STRINGS('"' + "All work and no play. ".repeat(500) + '"'),
		NUMBERS("-0.0123456789,17,3.141592653589793e+10,4"), EMBEDDING("[" + "-0.012345678,".repeat(1535) + "0]"),
		NESTING("[".repeat(900) + "]".repeat(900)), CHINESE("\"列車は定刻に到着し、乗客は静かに降りた。\""), EMOJI("\"😀🚀🎉🧭\""),
		ESCAPES("\"\\u00e4\\n\\t\\\"\\ud83d\\ude00\"");

		private final String item;

		Document(String item) {
			this.item = item;
		}

		byte[] bytes() {
			int items = LENGTH / this.item.getBytes(StandardCharsets.UTF_8).length;
			return ("[" + (this.item + ",\n").repeat(items) + "0]").getBytes(StandardCharsets.UTF_8);
		}

	}

	/** Which document to check. */
	@Param
	public Document document = Document.REQUESTS;

	private byte[] bytes = {};

	/** Makes the document. */
	@Setup
	public void fill() {
		this.bytes = this.document.bytes();
	}

	/** Checks it. */
	@Benchmark
	public void check() throws IOException, InvalidJsonException {
		JsonCheck.check(new ByteArrayInputStream(this.bytes));
	}

	@Test
	void printThroughput() throws RunnerException {
		Throughput.print(JsonCheckBench.class, "JSON check alone", "document",
				(name) -> Document.valueOf(name).bytes().length);
	}

}
