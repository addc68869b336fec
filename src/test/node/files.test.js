// What an unmodified SDK does with files that the server takes.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import { test } from "node:test";
import { AuthenticationError, BadRequestError, NotFoundError, toFile, UnprocessableEntityError } from "openai";
import { client, fileOf, listening, wrongKey } from "./server.js";

const CONTENT = '{"a":1}\n{"ü":"日本"}\n';
const openai = client({ maxRetries: 0 });

async function assertStored(created, { filename, purpose, expiresIn = null, content = CONTENT }) {
	assert.match(created.id, /^file-[0-9a-zA-Z]{24,}$/);
	assert.equal(created.object, "file");
	assert.equal(created.status, "processed");
	assert.equal(created.filename, filename);
	assert.equal(created.purpose, purpose);
	assert.equal(created.bytes, Buffer.byteLength(content));
	assert.equal(created.expires_at, expiresIn && created.created_at + expiresIn);
	assert.deepEqual(await openai.files.retrieve(created.id), created);
	const answer = await openai.files.content(created.id);
	assert.equal(answer.headers.get("content-type"), "application/octet-stream");
	assert.equal(await answer.text(), content);
}

test("uploads a stream, file first", async () => {
	const file = fs.createReadStream(fileOf("mydata.jsonl", CONTENT));
	const created = await openai.files.create({ file, purpose: "batch" });
	await assertStored(created, { filename: "mydata.jsonl", purpose: "batch", expiresIn: 2592000 });
});

test("uploads a stream, purpose first", async () => {
	const file = fs.createReadStream(fileOf("naïve 日本.jsonl", CONTENT));
	const created = await openai.files.create({ purpose: "fine-tune", file });
	await assertStored(created, { filename: "naïve 日本.jsonl", purpose: "fine-tune" });
});

test("uploads a stream of many parts of the store", async () => {
	const content = "x".repeat(19 * 1024 * 1024);
	const file = fs.createReadStream(fileOf("large.txt", content));
	await assertStored(await openai.files.create({ file, purpose: "user_data" }),
		{ filename: "large.txt", purpose: "user_data", content });
});

test("uploads a Buffer, file first", async () => {
	const file = await toFile(Buffer.from(CONTENT), "buffer.txt");
	const created = await openai.files.create({ file, purpose: "assistants" });
	await assertStored(created, { filename: "buffer.txt", purpose: "assistants" });
});

test("uploads a Buffer, purpose first", async () => {
	const file = await toFile(Buffer.from(CONTENT), "buffer.png", { type: "image/png" });
	const created = await openai.files.create({ purpose: "vision", file });
	await assertStored(created, { filename: "buffer.png", purpose: "vision" });
});

test("uploads a File", async () => {
	const file = new File([CONTENT], "a \"quoted\" name.txt", { type: "text/plain" });
	const created = await openai.files.create({ file, purpose: "user_data" });
	await assertStored(created, { filename: "a \"quoted\" name.txt", purpose: "user_data" });
});

test("uploads a Blob that was given a name", async () => {
	const file = await toFile(new Blob([CONTENT]), "blob.txt");
	const created = await openai.files.create({ file, purpose: "evals" });
	await assertStored(created, { filename: "blob.txt", purpose: "evals" });
});

test("uploads what another server answers", async (t) => {
	const origin = http.createServer((request, response) => response.end(CONTENT));
	t.after(() => origin.close());
	const file = await fetch(await listening(origin) + "/dir/remote.jsonl");
	const created = await openai.files.create({ file, purpose: "user_data" });
	await assertStored(created, { filename: "remote.jsonl", purpose: "user_data" });
});

for (const [order, params] of Object.entries({
	"after the file": { file: null, purpose: "batch", expires_after: { anchor: "created_at", seconds: 3600 } },
	"before the file": { expires_after: { anchor: "created_at", seconds: 3600 }, purpose: "batch", file: null },
})) {
	test(`asks for an expiry ${order}, with a stream and with a Buffer`, async () => {
		for (const file of [fs.createReadStream(fileOf("e.jsonl", CONTENT)), await toFile(Buffer.from(CONTENT), "e.jsonl")]) {
			const created = await openai.files.create({ ...params, file });
			await assertStored(created, { filename: "e.jsonl", purpose: "batch", expiresIn: 3600 });
		}
	});
}

test("walks over the pages of 250 files", async () => {
	const created = [];
	for (let i = 0; i < 250; i++) {
		const file = await toFile(Buffer.from("x"), `${i}.txt`);
		created.push((await openai.files.create({ file, purpose: "evals" })).id);
	}
	for (const order of ["asc", "desc"]) {
		const found = [];
		for await (const file of openai.files.list({ purpose: "evals", limit: 40, order })) {
			found.push(file.id);
		}
		assert.equal(new Set(found).size, found.length);
		assert.deepEqual(found.filter((id) => created.includes(id)).toSorted(), created.toSorted());
		assert.deepEqual(found, order === "asc" ? found.toSorted() : found.toSorted().reverse());
	}
});

test("deletes a file while it walks over the pages", async () => {
	for (let i = 0; i < 10; i++) {
		await openai.files.create({ file: await toFile(Buffer.from("x"), `${i}.png`), purpose: "vision" });
	}
	for await (const file of openai.files.list({ purpose: "vision", limit: 3 })) {
		assert.deepEqual(await openai.files.delete(file.id), { id: file.id, object: "file", deleted: true });
	}
	assert.deepEqual((await openai.files.list({ purpose: "vision" })).data, []);
});

test("waits for processing", async () => {
	const { id } = await openai.files.create({ file: await toFile(Buffer.from("x"), "w.txt"), purpose: "user_data" });
	const file = await openai.files.waitForProcessing(id, { pollInterval: 10, maxWait: 1000 });
	assert.equal(file.status, "processed");
});

test("throws BadRequestError", async () => {
	const unknown = await toFile(Buffer.from("x"), "a.txt");
	await assert.rejects(openai.files.create({ file: unknown, purpose: "nonsense" }), (error) => {
		assert.ok(error instanceof BadRequestError);
		assert.equal(error.message, "400 'nonsense' is not one of"
			+ " ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] - 'purpose'");
		assert.equal(error.param, "purpose");
		assert.equal(error.code, null);
		assert.equal(error.type, "invalid_request_error");
		assert.match(error.requestID, /^req_[0-9a-f]{32}$/);
		return true;
	});
	await assert.rejects(openai.files.create({ file: unknown, purpose: "batch" }),
		(error) => error instanceof BadRequestError && error.param === "file"
			&& error.message === "400 Invalid file format for Batch API. Must be .jsonl");
	// this SDK drops a Blob that has no name
	await assert.rejects(openai.files.create({ file: new Blob(["x"]), purpose: "user_data" }),
		(error) => error instanceof BadRequestError && error.message === "400 'file' is a required property");
});

test("throws AuthenticationError", async () => {
	await assert.rejects(client({ apiKey: wrongKey }).files.list(), (error) => {
		assert.ok(error instanceof AuthenticationError);
		assert.equal(error.message, "401 Incorrect API key provided: sk-w…def.");
		assert.equal(error.code, "invalid_api_key");
		assert.equal(error.param, null);
		return true;
	});
});

test("throws NotFoundError", async () => {
	const { id } = await openai.files.create({ file: await toFile(Buffer.from("x"), "d.txt"), purpose: "user_data" });
	await openai.files.delete(id);
	for (const call of ["retrieve", "content", "delete"]) {
		await assert.rejects(openai.files[call](id), (error) => {
			assert.ok(error instanceof NotFoundError);
			assert.equal(error.message, `404 No such File object: ${id}`);
			assert.equal(error.param, "id");
			assert.equal(error.code, null);
			return true;
		});
	}
});

test("repeats an upload with its Idempotency-Key", async () => {
	const headers = { "Idempotency-Key": crypto.randomUUID() };
	const upload = (content) => openai.files
		.create({ file: new File([content], "once.txt"), purpose: "user_data" }, { headers })
		.withResponse();
	const first = await upload(CONTENT);
	assert.equal(first.response.headers.get("idempotency-replayed"), null);
	const again = await upload(CONTENT);
	assert.equal(again.response.headers.get("idempotency-replayed"), "true");
	assert.deepEqual(again.data, first.data);
	await assert.rejects(upload("other"), (error) => error.status === 422
		&& error instanceof UnprocessableEntityError);
});
