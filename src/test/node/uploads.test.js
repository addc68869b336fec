// What an unmodified SDK does with files that it sends in parts.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import fs from "node:fs";
import { Readable } from "node:stream";
import { test } from "node:test";
import { APIConnectionError, APIError, AuthenticationError, BadRequestError, NotFoundError, toFile } from "openai";
import { client, fileOf, wrongKey } from "./server.js";

const MIB = 1024 * 1024;
const LIMIT = 64 * MIB;
const openai = client({ maxRetries: 0 });

const md5 = (content) => crypto.createHash("md5").update(content).digest("hex");

async function begin({ bytes = 5, filename = "data.csv", ...more } = {}) {
	return openai.uploads.create({ bytes, filename, mime_type: "text/csv", purpose: "user_data", ...more });
}

async function part(upload, content) {
	return openai.uploads.parts.create(upload.id, { data: await toFile(Buffer.from(content), "blob") });
}

/** An upload of hello, its two parts and their list in the right order. */
async function helloInParts() {
	const upload = await begin();
	const lo = await part(upload, "lo");
	const hel = await part(upload, "hel");
	return { upload, hel, lo, part_ids: [hel.id, lo.id] };
}

async function assertRefused(request, type, status, param, message) {
	await assert.rejects(request, (error) => {
		assert.ok(error instanceof type && !(error instanceof APIConnectionError), error.stack);
		assert.deepEqual([error.status, error.param, error.message], [status, param, `${status} ${message}`]);
		assert.deepEqual([error.code, error.type], [null, "invalid_request_error"]);
		assert.match(error.requestID, /^req_[0-9a-f]{32}$/);
		return true;
	});
}

test("sends parts in parallel, of any size, and completes them in the order of their list", async () => {
	const pieces = [7 * MIB, 3, 6 * MIB, 5 * MIB, 100_000, 1].map((size) => crypto.randomBytes(size));
	const whole = Buffer.concat(pieces);
	const upload = await begin({ bytes: whole.length, filename: "naïve 日本.csv" });
	assert.match(upload.id, /^upload_[0-9a-zA-Z]{24,}$/);
	assert.deepEqual(upload, {
		id: upload.id, object: "upload", bytes: whole.length, created_at: upload.created_at, filename: "naïve 日本.csv",
		purpose: "user_data", status: "pending", expires_at: upload.created_at + 3600,
	});
	const inputs = [
		(piece, i) => fs.createReadStream(fileOf(`part-${i}`, piece)),
		(piece, i) => toFile(piece, `part-${i}`),
		(piece) => new File([piece], "part.bin"),
	];
	// the last ones first
	const parts = await Promise.all(pieces.map((piece, i) => i).reverse().map(async (i) =>
		[i, await openai.uploads.parts.create(upload.id, { data: await inputs[i % inputs.length](pieces[i], i) })]));
	for (const [i, created] of parts) {
		assert.match(created.id, /^part_[0-9a-zA-Z]{24,}$/);
		assert.deepEqual(created, {
			id: created.id, object: "upload.part", bytes: pieces[i].length, created_at: created.created_at,
			upload_id: upload.id,
		});
	}
	const part_ids = parts.toSorted(([one], [other]) => one - other).map(([, created]) => created.id);
	const completed = await openai.uploads.complete(upload.id, { part_ids, md5: md5(whole) });
	const { file, ...rest } = completed;
	assert.deepEqual(rest, { ...upload, status: "completed" });
	assert.equal(file.id, upload.id.replace("upload_", "file-"));
	assert.deepEqual([file.bytes, file.created_at, file.status], [whole.length, upload.created_at, "processed"]);
	assert.deepEqual(await openai.files.retrieve(file.id), file);
	const content = await openai.files.content(file.id);
	// this SDK asks for application/binary
	assert.equal(content.headers.get("content-type"), "application/octet-stream");
	assert.ok(Buffer.from(await content.arrayBuffer()).equals(whole));
});

test("drops the parts that the list does not name", async () => {
	const { upload, part_ids } = await helloInParts();
	await part(upload, "dropped");
	const { file } = await openai.uploads.complete(upload.id, { part_ids });
	assert.equal(await (await openai.files.content(file.id)).text(), "hello");
});

test("asks for an expiry of the file", async () => {
	const upload = await begin({ expires_after: { anchor: "created_at", seconds: 3600 } });
	const { id } = await part(upload, "hello");
	const { file } = await openai.uploads.complete(upload.id, { part_ids: [id] });
	// the file's life begins when it is completed
	const life = file.expires_at - upload.created_at;
	assert.ok(life >= 3600 && life < 3660, `${life} seconds`);
});

test("repeats a completion that succeeded, with the same list only", async () => {
	const { upload, part_ids } = await helloInParts();
	const completed = await openai.uploads.complete(upload.id, { part_ids });
	for (let i = 0; i < 3; i++) {
		assert.deepEqual(await openai.uploads.complete(upload.id, { part_ids, md5: md5("hello") }), completed);
	}
	const message = `The upload ${upload.id} is completed.`;
	for (const list of [part_ids.toReversed(), part_ids.slice(1), [...part_ids, "part_x"]]) {
		await assertRefused(openai.uploads.complete(upload.id, { part_ids: list }), BadRequestError, 400, "upload_id", message);
	}
	await assertRefused(openai.uploads.cancel(upload.id), BadRequestError, 400, "upload_id", message);
	await assertRefused(part(upload, "late"), BadRequestError, 400, "upload_id", message);
	assert.equal(await (await openai.files.content(completed.file.id)).text(), "hello");
});

test("completes once when several ask at the same time, with the retries of the SDK", async () => {
	const { upload, part_ids } = await helloInParts();
	const answers = await Promise.all(Array.from({ length: 4 }, () => client().uploads.complete(upload.id, { part_ids })));
	answers.forEach((answer) => assert.deepEqual(answer, answers[0]));
});

test("cancels, once or more often, and nothing more is taken", async () => {
	const { upload, part_ids } = await helloInParts();
	const cancelled = await openai.uploads.cancel(upload.id);
	assert.deepEqual(cancelled, { ...upload, status: "cancelled" });
	assert.deepEqual(await openai.uploads.cancel(upload.id), cancelled);
	const message = `The upload ${upload.id} is cancelled. Create a new upload.`;
	await assertRefused(part(upload, "late"), BadRequestError, 400, "upload_id", message);
	await assertRefused(openai.uploads.complete(upload.id, { part_ids }), BadRequestError, 400, "upload_id", message);
	await assert.rejects(openai.files.retrieve(upload.id.replace("upload_", "file-")), NotFoundError);
});

test("is told why an upload cannot be created", async () => {
	for (const [params, param, message] of [
		[{ bytes: 0 }, "bytes", "'bytes' must be from 1 to 8589934592."],
		[{ bytes: 8 * 1024 * MIB + 1 }, "bytes", "'bytes' must be from 1 to 8589934592."],
		[{ bytes: 1.5 }, "bytes", "'bytes' must be a whole number"],
		[{ purpose: "nonsense" }, "purpose", "'nonsense' is not one of"
			+ " ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] - 'purpose'"],
		[{ purpose: "batch" }, "file", "Invalid file format for Batch API. Must be .jsonl"],
		[{ purpose: "batch", filename: "a.jsonl", bytes: 200 * MIB + 1 }, "file", "File is too large."],
		[{ filename: undefined }, "filename", "'filename' is a required property"],
		[{ expires_after: { anchor: "created_at", seconds: 1 } }, "expires_after[seconds]",
			"'expires_after[seconds]' must be a whole number from 3600 to 2592000."],
	]) {
		const body = { bytes: 5, filename: "a.csv", mime_type: "text/csv", purpose: "user_data", ...params };
		await assertRefused(openai.uploads.create(body), BadRequestError, 400, param, message);
	}
});

test("is told why a list of parts cannot be completed, and may complete another", async () => {
	const { upload, hel, lo, part_ids } = await helloInParts();
	const other = (await helloInParts()).part_ids[0];
	for (const [params, param, message] of [
		[{ part_ids: [] }, "part_ids", "'part_ids' must name at least one part."],
		[{ part_ids: [hel.id] }, "part_ids", "The parts have 3 bytes together, but the upload was created for 5."
			+ " Name other parts, or create a new upload."],
		[{ part_ids: [lo.id, lo.id] }, "part_ids", "Entry 2 of 'part_ids' is no part of this upload, or is given twice."],
		[{ part_ids: [other, lo.id] }, "part_ids", "Entry 1 of 'part_ids' is no part of this upload, or is given twice."],
		[{ part_ids, md5: md5("hallo") }, "md5", `The parts have the MD5 ${md5("hello")}, not ${md5("hallo")}.`],
		[{ part_ids: part_ids.toReversed(), md5: md5("hello") }, "md5",
			`The parts have the MD5 ${md5("lohel")}, not ${md5("hello")}.`],
		[{ part_ids, md5: "5d41" }, "md5", "'md5' must be 32 hexadecimal digits."],
	]) {
		await assertRefused(openai.uploads.complete(upload.id, params), BadRequestError, 400, param, message);
	}
	const { file } = await openai.uploads.complete(upload.id, { part_ids, md5: md5("hello").toUpperCase() });
	assert.equal(await (await openai.files.content(file.id)).text(), "hello");
});

test("is told why a part is refused", async () => {
	const upload = await begin();
	await assertRefused(part(upload, ""), BadRequestError, 400, "data", "The part is empty. Send at least one byte.");
	// this SDK drops a Blob that has no name
	await assertRefused(openai.uploads.parts.create(upload.id, { data: new Blob(["hello"]) }), BadRequestError, 400, "data",
		"'data' is a required property");
	const { id } = await part(upload, "hello");
	assert.equal((await openai.uploads.complete(upload.id, { part_ids: [id] })).status, "completed");
});

test("takes a part of 64 MiB, and refuses one of a byte more so that the SDK sees it, sent once", async () => {
	const large = Buffer.alloc(LIMIT + 1);
	const upload = await begin({ bytes: LIMIT });
	for (const open of [() => toFile(large, "blob"), () => toFile(Readable.from(pieces(large)), "blob"),
		() => fs.createReadStream(fileOf("large.bin", large))]) {
		let sent = 0;
		const counting = (url, options) => {
			// the SDK also tries whether fetch knows forms, on a data: URL
			sent += String(url).startsWith("http") ? 1 : 0;
			return fetch(url, options);
		};
		await assertRefused(client({ fetch: counting }).uploads.parts.create(upload.id, { data: await open() }), APIError,
			413, "data", "The part is too large. The limit is 67108864 bytes.");
		assert.equal(sent, 1);
	}
	const { id } = await part(upload, large.subarray(1));
	assert.equal((await openai.uploads.complete(upload.id, { part_ids: [id] })).file.bytes, LIMIT);
});

function* pieces(bytes) {
	for (let at = 0; at < bytes.length; at += 65536) {
		yield bytes.subarray(at, at + 65536);
	}
}

test("throws NotFoundError for an upload that is not there", async () => {
	const upload = { id: "upload_" + "0".repeat(30) };
	for (const request of [() => part(upload, "x"), () => openai.uploads.complete(upload.id, { part_ids: ["part_x"] }),
		() => openai.uploads.cancel(upload.id)]) {
		await assertRefused(request(), NotFoundError, 404, "upload_id", `No such Upload object: ${upload.id}`);
	}
});

test("throws AuthenticationError", async () => {
	const stranger = client({ apiKey: wrongKey }).uploads;
	const { id } = await begin();
	const data = await toFile(Buffer.alloc(40 * MIB), "blob");
	for (const request of [() => stranger.create({ bytes: 1, filename: "a", mime_type: "text/csv", purpose: "vision" }),
		() => stranger.parts.create(id, { data }), () => stranger.complete(id, { part_ids: ["part_x"] }),
		() => stranger.cancel(id)]) {
		await assert.rejects(request(), (error) => error instanceof AuthenticationError && error.code === "invalid_api_key");
	}
});
