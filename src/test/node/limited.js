// What is beyond a rate limit is repeated after Retry-After, and fails as a rate limit without retries.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RateLimitError } from "openai";
import { client } from "./server.js";

async function listForEver(openai) {
	for (;;) {
		await openai.files.list();
	}
}

test("waits as long as the answer says", async () => {
	const answers = [];
	const openai = client({
		fetch: async (url, options) => {
			const answer = await fetch(url, options);
			answers.push({ answer, at: performance.now() });
			if (answers.length > 1 && answers.at(-2).answer.status === 429) {
				throw new Error("enough");
			}
			return answer;
		},
		maxRetries: 1,
	});
	await assert.rejects(listForEver(openai));
	const [refused, repeated] = answers.slice(-2);
	assert.equal(refused.answer.status, 429);
	assert.equal(refused.answer.headers.get("retry-after"), "1");
	assert.equal(refused.answer.headers.get("x-ratelimit-limit-requests"), "60");
	assert.equal(refused.answer.headers.get("x-ratelimit-remaining-requests"), "0");
	assert.equal(repeated.answer.status, 200);
	assert.ok(repeated.at - refused.at >= 990, `${repeated.at - refused.at} ms`);
});

test("fails as a rate limit without retries", async () => {
	await assert.rejects(listForEver(client({ maxRetries: 0 })), (error) => {
		assert.ok(error instanceof RateLimitError, error.stack);
		assert.deepEqual([error.status, error.code, error.type], [429, "rate_limit_exceeded", "invalid_request_error"]);
		return true;
	});
});
