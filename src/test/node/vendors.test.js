// What unmodified SDKs of Azure and Groq do with this server.
import assert from "node:assert/strict";
import { test } from "node:test";
import Groq from "groq-sdk";
import OpenAI, { AuthenticationError, AzureOpenAI, NotFoundError, toFile } from "openai";
import { apiKey, wrongKey } from "./server.js";

const endpoint = process.env.STOWAGE_URL;
const CONTENT = '{"a":1}\n';
const azure = new AzureOpenAI({ endpoint, apiKey, apiVersion: "2024-10-21", maxRetries: 0 });
const clients = {
	"of Azure": azure,
	"of Azure without versions": new OpenAI({ baseURL: endpoint + "/openai/v1/", apiKey, maxRetries: 0,
		defaultQuery: { "api-version": "preview" } }),
};

for (const [name, client] of Object.entries(clients)) {
	test(`uploads, lists, shows, reads and deletes by the client ${name}`, async () => {
		const ids = [];
		for (let i = 0; i < 3; i++) {
			const file = await toFile(Buffer.from(CONTENT), `${i}.jsonl`);
			const created = await client.files.create({ file, purpose: "batch" });
			assert.deepEqual(await client.files.retrieve(created.id), created);
			ids.unshift(created.id);
		}
		const listed = [];
		for await (const file of client.files.list({ limit: 1, purpose: "batch" })) {
			listed.push(file.id);
		}
		assert.deepEqual(listed.filter((id) => ids.includes(id)), ids);
		assert.equal(await (await client.files.content(ids[0])).text(), CONTENT);
		for (const id of ids) {
			assert.equal((await client.files.delete(id)).deleted, true);
			await assert.rejects(client.files.retrieve(id), NotFoundError);
		}
	});

	test(`uploads in parts by the client ${name}`, async () => {
		const upload = await client.uploads.create({ bytes: 5, filename: "a.txt", mime_type: "text/plain",
			purpose: "user_data" });
		const part_ids = [];
		for (const piece of ["hel", "lo"]) {
			const data = await toFile(Buffer.from(piece), "blob");
			part_ids.push((await client.uploads.parts.create(upload.id, { data })).id);
		}
		const { file } = await client.uploads.complete(upload.id, { part_ids });
		assert.equal(await (await client.files.content(file.id)).text(), "hello");
		const cancelled = await client.uploads.create({ bytes: 5, filename: "a.txt", mime_type: "text/plain",
			purpose: "user_data" });
		assert.equal((await client.uploads.cancel(cancelled.id)).status, "cancelled");
	});
}

test("answers Azure's upload with 201 and its location", async () => {
	const file = await toFile(Buffer.from(CONTENT), "a.jsonl");
	const { data, response } = await azure.files.create({ file, purpose: "batch" }).withResponse();
	assert.deepEqual([response.status, response.headers.get("location")], [201, `/openai/files/${data.id}`]);
});

test("refuses a wrong key of Azure's client", async () => {
	const client = new AzureOpenAI({ endpoint, apiKey: wrongKey, apiVersion: "2024-10-21", maxRetries: 0 });
	await assert.rejects(client.files.list(), AuthenticationError);
});

test("uploads, lists, shows, reads and deletes by the client of Groq", async () => {
	const groq = new Groq({ apiKey, baseURL: endpoint, maxRetries: 0 });
	const created = await groq.files.create({ file: await toFile(Buffer.from(CONTENT), "a.jsonl"), purpose: "batch" });
	assert.deepEqual(await groq.files.info(created.id), created);
	assert.ok((await groq.files.list()).data.some(({ id }) => id === created.id));
	assert.equal(await (await groq.files.content(created.id)).text(), CONTENT);
	assert.equal((await groq.files.delete(created.id)).deleted, true);
	await assert.rejects(groq.files.info(created.id), (error) => error.status === 404);
});
