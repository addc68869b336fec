// What Anthropic's unmodified SDKs do: the present one, and one from before the API was generally available.
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, test } from "node:test";
import Anthropic, { AuthenticationError, BadRequestError, NotFoundError, PermissionDeniedError, RateLimitError, toFile } from "@anthropic-ai/sdk";
import Before, { toFile as toFileBefore } from "anthropic-before";
import { apiKey, client, fileOf, wrongKey } from "./server.js";

const CONTENT = "id,word\n1,Grüße\n2,日本\n";
const SIZE = Buffer.byteLength(CONTENT);

function anthropic(options = {}) {
	return new Anthropic({ apiKey, baseURL: process.env.STOWAGE_URL, maxRetries: 0, ...options });
}

const present = anthropic();
const before = new Before({ apiKey, baseURL: process.env.STOWAGE_URL, maxRetries: 0 });
const openai = client({ maxRetries: 0 });

const created = [];
after(() => Promise.all(created.map((id) => present.files.delete(id).catch(() => {}))));

async function upload(name, params = {}, options = { type: "text/csv" }) {
	const file = await present.files.upload({ file: await toFile(Buffer.from(CONTENT), name, options), ...params });
	created.push(file.id);
	return file;
}

async function assertStored(file, name, type) {
	assert.match(file.id, /^file-[0-9a-zA-Z]{24,}$/);
	assert.match(file.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
	assert.deepEqual({ ...file }, {
		id: file.id, type: "file", filename: name, mime_type: type, size_bytes: SIZE, created_at: file.created_at,
		downloadable: true, expires_at: null,
	});
	assert.deepEqual({ ...await present.files.retrieveMetadata(file.id) }, { ...file });
	const answer = await present.files.download(file.id);
	assert.equal(answer.headers.get("content-type"), type);
	assert.match(answer.headers.get("content-disposition"), /^attachment; /);
	assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
	assert.match(answer.headers.get("request-id"), /^req_[0-9a-f]{32}$/);
	assert.equal(await answer.text(), CONTENT);
}

test("uploads a stream", async () => {
	const file = await present.files.upload({ file: fs.createReadStream(fileOf("stream 日本.csv", CONTENT)) });
	created.push(file.id);
	// which the SDK says of every stream
	await assertStored(file, "stream 日本.csv", "application/octet-stream");
});

test("uploads a Buffer", async () => {
	await assertStored(await upload("words.csv"), "words.csv", "text/csv");
});

test("uploads a File of a type that its name does not say", async () => {
	const file = await present.files.upload({ file: new File([CONTENT], "words", { type: "application/x-words" }) });
	created.push(file.id);
	await assertStored(file, "words", "application/x-words");
});

test("uploads with the SDK of before", async () => {
	const file = await before.beta.files.upload({ file: await toFileBefore(Buffer.from(CONTENT), "old.csv", { type: "text/csv" }) });
	created.push(file.id);
	await assertStored(file, "old.csv", "text/csv");
	assert.deepEqual({ ...await before.beta.files.retrieveMetadata(file.id) }, { ...file });
	assert.equal(await (await before.beta.files.download(file.id)).text(), CONTENT);
	assert.deepEqual({ ...await before.beta.files.delete(file.id) }, { id: file.id, type: "file_deleted" });
});

test("sets an expiry", async () => {
	const file = await upload("short.csv", { expires_in_seconds: 7_776_000 });
	assert.equal(Date.parse(file.expires_at) - Date.parse(file.created_at), 7_776_000_000);
	for (const seconds of [3_599, 7_776_001]) {
		await assert.rejects(upload("never.csv", { expires_in_seconds: seconds }), (error) => {
			assert.ok(error instanceof BadRequestError, error.stack);
			assert.equal(error.apiMessage, "'expires_in_seconds' must be a whole number from 3600 to 7776000.");
			return true;
		});
	}
});

test("lists page by page, newest first", async () => {
	const ids = [];
	for (let i = 0; i < 5; i++) {
		ids.unshift((await upload(`page${i}.csv`)).id);
	}
	const first = await present.files.list({ limit: 2 });
	assert.deepEqual(first.data.map((file) => file.id), ids.slice(0, 2));
	assert.equal(first.hasNextPage(), true);
	const second = await first.getNextPage();
	assert.deepEqual(second.data.map((file) => file.id), ids.slice(2, 4));
	const seen = [];
	for await (const file of present.files.list({ limit: 2 })) {
		seen.push(file.id);
	}
	assert.deepEqual(seen.slice(0, 5), ids);
	assert.equal(new Set(seen).size, seen.length);
});

test("lists in the shape of before, in both directions", async () => {
	const ids = [];
	for (let i = 0; i < 5; i++) {
		ids.unshift((await upload(`old${i}.csv`)).id);
	}
	const seen = [];
	for await (const file of before.beta.files.list({ limit: 2 })) {
		seen.push(file.id);
	}
	assert.deepEqual(seen.slice(0, 5), ids);
	const page = await before.beta.files.list({ limit: 2, before_id: ids[4] });
	assert.deepEqual(page.data.map((file) => file.id), ids.slice(2, 4));
	assert.deepEqual([page.has_more, page.first_id, page.last_id], [true, ids[2], ids[3]]);
	const newer = await page.getNextPage();
	assert.deepEqual(newer.data.map((file) => file.id), ids.slice(0, 2));
	assert.equal(newer.has_more, false);
	assert.equal((await before.beta.files.list({ limit: 2, before_id: ids[0] })).data.length, 0);
});

test("finds files by their ids", async () => {
	const files = [await upload("a.csv"), await upload("b.csv"), await upload("c.csv")];
	await present.files.delete(files[1].id);
	const page = await present.files.list({ ids: [...files.map((file) => file.id), "file_of_nobody", files[0].id] });
	assert.deepEqual(page.data.map((file) => file.id), [files[0].id, files[2].id]);
	assert.equal(page.hasNextPage(), false);
});

test("shares its files with the other family", async () => {
	const theirs = await openai.files.create({ file: await toFile(Buffer.from(CONTENT), "shared.csv", { type: "text/csv" }), purpose: "assistants" });
	await assertStored(await present.files.retrieveMetadata(theirs.id), "shared.csv", "text/csv");
	assert.equal((await present.files.list({ limit: 1 })).data[0].id, theirs.id);
	assert.deepEqual({ ...await present.files.delete(theirs.id) }, { id: theirs.id, type: "file_deleted" });
	await assert.rejects(openai.files.retrieve(theirs.id), { status: 404 });

	const ours = await upload("ours.csv");
	const seen = await openai.files.retrieve(ours.id);
	assert.deepEqual([seen.object, seen.filename, seen.bytes, seen.purpose], ["file", "ours.csv", SIZE, "user_data"]);
	assert.equal((await openai.files.list({ limit: 1 })).data[0].id, ours.id);
	const content = await openai.files.content(ours.id);
	assert.equal(content.headers.get("content-type"), "application/octet-stream");
	assert.equal(await content.text(), CONTENT);
	assert.equal((await openai.files.delete(ours.id)).deleted, true);
	await assert.rejects(present.files.retrieveMetadata(ours.id), NotFoundError);
});

test("raises its own exceptions", async () => {
	const missing = "file-000000000000000000000000000000";
	await assert.rejects(present.files.retrieveMetadata(missing), (error) => {
		assert.ok(error instanceof NotFoundError, error.stack);
		assert.deepEqual([error.type, error.apiMessage], ["not_found_error", `No such File object: ${missing}`]);
		assert.match(error.requestID, /^req_/);
		assert.equal(error.error.request_id, error.requestID);
		return true;
	});
	await assert.rejects(present.files.delete(missing), NotFoundError);
	await assert.rejects(present.files.download(missing), NotFoundError);
	for (const key of [{ apiKey: wrongKey }, { apiKey: null, authToken: wrongKey }]) {
		await assert.rejects(anthropic(key).files.list(), (error) => {
			assert.ok(error instanceof AuthenticationError, error.stack);
			assert.equal(error.type, "authentication_error");
			return true;
		});
	}
	await assert.rejects(present.files.list({ limit: 1001 }), BadRequestError);
	const large = await toFile(Buffer.alloc(21 * 1024 * 1024), "large.bin");
	await assert.rejects(present.files.upload({ file: large }), (error) => {
		assert.deepEqual([error.status, error.type], [413, "request_too_large"]);
		return true;
	});
});

/** A project of its own, by the administration. */
async function projectWith(account, limits = {}) {
	const post = async (path, body) => {
		const answer = await fetch(`${process.env.STOWAGE_URL}/v1/organization/projects${path}`, {
			method: "POST", headers: { authorization: `Bearer ${process.env.STOWAGE_ADMIN_KEY}` }, body: JSON.stringify(body),
		});
		assert.equal(answer.status, 200);
		return answer.json();
	};
	const { id } = await post("", { name: "Anthropic" });
	for (const [path, limit] of Object.entries(limits)) {
		await post(`/${id}/${path}`, limit);
	}
	return anthropic({ apiKey: (await post(`/${id}/service_accounts`, account)).api_key.value });
}

test("raises its own exceptions of quotas, rates and scopes", async () => {
	const file = () => toFile(Buffer.from(CONTENT), "a.csv");
	const full = await projectWith({ name: "full" }, { quota: { max_files: 1 } });
	const kept = await full.files.upload({ file: await file() });
	await assert.rejects(full.files.upload({ file: await file() }), (error) => {
		assert.ok(error instanceof Anthropic.Files.StorageQuotaExceededError, error.stack);
		assert.match(error.apiMessage, /^Your quota is 1 file /);
		return true;
	});
	await full.files.delete(kept.id);
	const slow = await projectWith({ name: "slow" }, { "rate_limits/rl-files": { max_requests_per_1_minute: 1 } });
	await slow.files.list();
	await assert.rejects(slow.files.list(), RateLimitError);
	const reader = await projectWith({ name: "reader", scopes: ["files.read"] });
	await assert.rejects(reader.files.upload({ file: await file() }), PermissionDeniedError);
});

test("repeats what may be repeated", async () => {
	const answers = [529, 429, 500];
	const statuses = [];
	const retrying = anthropic({
		maxRetries: 3,
		fetch: async (url, options) => {
			const answer = await fetch(url, options);
			const status = answers.shift() ?? answer.status;
			statuses.push(status);
			return (status === answer.status) ? answer : new Response("{}", { status, headers: { "retry-after": "0" } });
		},
	});
	await retrying.files.list({ limit: 1 });
	assert.deepEqual(statuses, [529, 429, 500, 200]);
});
