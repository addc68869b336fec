// What unmodified clients of tus do, in this version of the protocol and in the draft that follows it.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import { Readable } from "node:stream";
import { test } from "node:test";
import { promisify } from "node:util";
import * as four from "tus-js-client";
import * as five from "tus-js-client-next";
import { FileUrlStorage } from "tus-js-client-next/node/FileUrlStorage";
import { apiKey, baseURL, client, fileOf, wrongKey } from "./server.js";

const MIB = 1024 * 1024;
const endpoint = `${baseURL}/uploads`;
const headers = { Authorization: `Bearer ${apiKey}` };
const clients = { "tus-js-client 4": four, "tus-js-client 5": { ...five, FileUrlStorage } };

/** Starts an upload; it is done with the id of its file. */
function begin(tus, input, options = {}) {
	let upload;
	const done = new Promise((resolve, reject) => {
		upload = new tus.Upload(input, {
			endpoint, headers, retryDelays: null, ...options,
			onSuccess: ({ lastResponse }) => resolve(lastResponse.getHeader("Stowage-File-Id")),
			onError: reject,
		});
	});
	done.catch(() => {});
	upload.start();
	return { upload, done };
}

async function content(id) {
	return Buffer.from(await (await client().files.content(id)).arrayBuffer());
}

async function raw(method, url, more, body) {
	return fetch(url, { method, body, headers: { ...headers, "Tus-Resumable": "1.0.0", ...more } });
}

/** Waits until an upload has sent so many bytes, and pauses it. */
function pausedAt(tus, bytes, input, options) {
	return new Promise((resolve, reject) => {
		const { upload, done } = begin(tus, input, {
			...options,
			onChunkComplete: (size, accepted) => {
				if (accepted >= bytes) upload.abort().then(() => resolve(upload), reject);
			},
		});
		done.catch(reject);
	});
}

function goOn(upload) {
	return new Promise((resolve, reject) => {
		upload.options.onChunkComplete = null;
		upload.options.onSuccess = ({ lastResponse }) => resolve(lastResponse.getHeader("Stowage-File-Id"));
		upload.options.onError = reject;
		upload.start();
	});
}

for (const [name, tus] of Object.entries(clients)) {
	test(`${name} sends a file in one request`, async () => {
		const bytes = crypto.randomBytes(7 * MIB);
		const progress = [];
		const { upload, done } = begin(tus, bytes, {
			metadata: { filename: "naïve 日本.csv", filetype: "text/csv", purpose: "evals", expires_after: "7200" },
			onProgress: (sent) => progress.push(sent),
		});
		const id = await done;
		assert.equal(upload.url, `${endpoint}/${id.replace("file-", "upload_")}`);
		assert.equal(progress.at(-1), bytes.length);
		const file = await client().files.retrieve(id);
		assert.deepEqual([file.filename, file.purpose, file.bytes], ["naïve 日本.csv", "evals", bytes.length]);
		assert.ok(file.expires_at - file.created_at >= 7200 && file.expires_at - file.created_at <= 7260);
		assert.deepEqual(await content(id), bytes);
	});

	test(`${name} sends a file in chunks`, async () => {
		const bytes = crypto.randomBytes(12 * MIB + 1);
		const input = fs.createReadStream(fileOf(`chunks-${name}`, bytes));
		const { done } = begin(tus, input, { chunkSize: 5 * MIB });
		assert.deepEqual(await content(await done), bytes);
	});

	test(`${name} sends the first bytes with the creation`, async () => {
		const small = await begin(tus, Buffer.from("hello"), { uploadDataDuringCreation: true }).done;
		assert.equal(String(await content(small)), "hello");
		const bytes = crypto.randomBytes(100_000);
		const more = { uploadDataDuringCreation: true, chunkSize: 30_000 };
		assert.deepEqual(await content(await begin(tus, bytes, more).done), bytes);
	});

	test(`${name} pauses and continues`, async () => {
		const bytes = crypto.randomBytes(3 * MIB);
		const upload = await pausedAt(tus, MIB, bytes, { chunkSize: 500_000 });
		const asked = await raw("HEAD", upload.url);
		assert.ok(Number(asked.headers.get("upload-offset")) >= MIB);
		assert.deepEqual(await content(await goOn(upload)), bytes);
	});

	test(`${name} continues in another process`, async () => {
		const bytes = crypto.randomBytes(2 * MIB);
		const file = fileOf(`process-${name}`, bytes);
		const storage = fileOf(`storage-${name}`, "{}");
		await pausedAt(tus, MIB, fs.createReadStream(file), {
			chunkSize: 300_000, urlStorage: new tus.FileUrlStorage(storage),
		});
		const script = `
			import fs from "node:fs";
			import * as tus from "${tus === four ? "tus-js-client" : "tus-js-client-next"}";
			import { FileUrlStorage } from "${tus === four ? "tus-js-client" : "tus-js-client-next/node/FileUrlStorage"}";
			const upload = new tus.Upload(fs.createReadStream(process.env.FILE), {
				endpoint: process.env.ENDPOINT, headers: { Authorization: process.env.KEY }, retryDelays: null,
				urlStorage: new FileUrlStorage(process.env.STORAGE), removeFingerprintOnSuccess: true,
				onBeforeRequest: (request) => console.log(request.getMethod()),
				onSuccess: ({ lastResponse }) => console.log(lastResponse.getHeader("Stowage-File-Id")),
				onError: (error) => { throw error; },
			});
			const [known] = await upload.findPreviousUploads();
			upload.resumeFromPreviousUpload(known);
			upload.start();`;
		const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
			cwd: import.meta.dirname,
			env: { ...process.env, FILE: file, STORAGE: storage, ENDPOINT: endpoint, KEY: headers.Authorization },
		});
		const [head, patch, id] = stdout.trim().split("\n");
		assert.deepEqual([head, patch], ["HEAD", "PATCH"]);
		assert.deepEqual(await content(id), bytes);
	});

	test(`${name} says the length of a stream at its end`, async () => {
		const pieces = [100_000, 1, 250_000].map((size) => crypto.randomBytes(size));
		const options = { uploadLengthDeferred: true, chunkSize: 120_000 };
		const id = await begin(tus, Readable.from(pieces), options).done;
		assert.deepEqual(await content(id), Buffer.concat(pieces));
	});

	test(`${name} learns the offset if it had a wrong one`, async () => {
		const bytes = crypto.randomBytes(10_000);
		let isMoved = false;
		const { upload, done } = begin(tus, bytes, {
			chunkSize: 4_000, retryDelays: [0],
			onBeforeRequest: async (request) => {
				if (request.getMethod() === "PATCH" && request.getHeader("Upload-Offset") === "4000" && !isMoved) {
					isMoved = true;
					const type = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": "4000" };
					const moved = await raw("PATCH", upload.url, type, bytes.subarray(4_000, 7_000));
					assert.equal(moved.status, 204);
				}
			},
		});
		assert.deepEqual(await content(await done), bytes);
		assert.ok(isMoved);
	});

	test(`${name} ends an upload`, async () => {
		const upload = await pausedAt(tus, 1_000, crypto.randomBytes(5_000), { chunkSize: 1_000 });
		await upload.abort(true);
		const asked = await raw("HEAD", upload.url);
		assert.equal(asked.status, 410);
	});

	test(`${name} starts again if an upload has ended`, async () => {
		const bytes = crypto.randomBytes(5_000);
		const upload = await pausedAt(tus, 1_000, bytes, { chunkSize: 1_000 });
		const first = upload.url;
		await tus.Upload.terminate(first, { headers });
		assert.deepEqual(await content(await goOn(upload)), bytes);
		assert.notEqual(upload.url, first);
	});

	test(`${name} reports what is refused, and does not repeat it`, async () => {
		for (const [options, status, message] of [
			[{ metadata: { purpose: "nothing" } }, 400, /is not one of/],
			[{ headers: { Authorization: `Bearer ${wrongKey}` } }, 401, /Incorrect API key/],
		]) {
			let requests = 0;
			const more = { ...options, retryDelays: [0, 0], onBeforeRequest: () => requests++ };
			await assert.rejects(begin(tus, Buffer.from("hello"), more).done, (error) => {
				assert.equal(error.originalResponse.getStatus(), status);
				assert.match(JSON.parse(error.originalResponse.getBody()).detail, message);
				assert.equal(error.originalResponse.getHeader("Tus-Resumable"), "1.0.0");
				return true;
			});
			assert.equal(requests, 1);
		}
	});

	test(`${name} speaks the draft, too`, async () => {
		const bytes = crypto.randomBytes(2 * MIB);
		const options = {
			endpoint: `${baseURL}/files?purpose=evals`, protocol: "ietf-draft-05", chunkSize: 700_000,
		};
		const upload = await pausedAt(tus, MIB, bytes, options);
		const id = await goOn(upload);
		assert.deepEqual(await content(id), bytes);
		assert.equal((await client().files.retrieve(id)).purpose, "evals");
	});
}

test("keeps nothing of bytes that differ from their checksum", async () => {
	const created = await raw("POST", endpoint, { "Upload-Length": "5" });
	const url = new URL(created.headers.get("location"), endpoint).href;
	const sha1 = (text) => `sha1 ${crypto.createHash("sha1").update(text).digest("base64")}`;
	const type = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0" };
	const wrong = await raw("PATCH", url, { ...type, "Upload-Checksum": sha1("hallo") }, "hello");
	assert.deepEqual([wrong.status, (await wrong.json()).code], [460, "checksum_mismatch"]);
	assert.equal((await raw("HEAD", url)).headers.get("upload-offset"), "0");
	const right = await raw("PATCH", url, { ...type, "Upload-Checksum": sha1("hello") }, "hello");
	assert.equal(String(await content(right.headers.get("stowage-file-id"))), "hello");
});
