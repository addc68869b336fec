// A large upload that is refused is seen as refused, not as a broken connection, and is sent once.
import assert from "node:assert/strict";
import fs from "node:fs";
import { Readable } from "node:stream";
import { test } from "node:test";
import { APIConnectionError, APIError, AuthenticationError, BadRequestError, toFile } from "openai";
import { apiKey, baseURL, client, fileOf, roomyURL, wrongKey } from "./server.js";

const TRIES = 2;
const CONTENT = Buffer.alloc(24 * 1024 * 1024);
const FILE = fileOf("large.bin", CONTENT);

const inputs = {
	"a Buffer": () => toFile(CONTENT, "large.bin"),
	"a stream": () => fs.createReadStream(FILE),
};

const refusals = {
	"a file over the limit": { status: 413, type: APIError, param: "file", message: "413 File is too large. The limit is 20971520 bytes." },
	"a wrong key": { key: wrongKey, status: 401, type: AuthenticationError, param: null, message: "401 Incorrect API key provided: sk-w…def." },
	"an unknown purpose": {
		url: roomyURL, purpose: "nonsense", status: 400, type: BadRequestError, param: "purpose",
		message: "400 'nonsense' is not one of ['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'] - 'purpose'",
	},
};

for (const [input, open] of Object.entries(inputs)) {
	for (const [refusal, expected] of Object.entries(refusals)) {
		const { url = baseURL, key = apiKey, purpose = "user_data", status, type, param, message } = expected;
		for (const retries of [{ maxRetries: 0 }, {}]) {
			const setting = "maxRetries" in retries ? "without retries" : "with retries";
			test(`sends ${input} with ${refusal} once, ${setting}`, async () => {
				for (let i = 0; i < TRIES; i++) {
					let sent = 0;
					const counting = (url, options) => {
						// the SDK also tries whether fetch knows forms, on a data: URL
						sent += String(url).startsWith("http") ? 1 : 0;
						return fetch(url, options);
					};
					const openai = client({ ...retries, baseURL: url, apiKey: key, fetch: counting });
					const file = await open();
					await assert.rejects(openai.files.create({ purpose, file }), (error) => {
						assert.ok(error instanceof type && !(error instanceof APIConnectionError), error.stack);
						assert.deepEqual([error.status, error.param, error.message], [status, param, message]);
						return true;
					});
					assert.equal(sent, 1);
				}
			});
		}
	}
}

const multipart = "multipart/form-data; boundary=b";

function* pieces(bytes) {
	for (let at = 0; at < bytes.length; at += 65536) {
		yield bytes.subarray(at, at + 65536);
	}
}

function written(purpose) {
	const head = `--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\n${purpose}\r\n`
		+ "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"large.bin\"\r\n\r\n";
	return Buffer.concat([Buffer.from(head), CONTENT, Buffer.from("\r\n--b--\r\n")]);
}

function formData(purpose) {
	const form = new FormData();
	form.append("purpose", purpose);
	form.append("file", new File([CONTENT], "large.bin"));
	return form;
}

const framings = {
	"as a Buffer": (purpose, type) => ({ body: written(purpose), headers: { "content-type": type } }),
	"in chunks": (purpose, type) => ({
		body: Readable.toWeb(Readable.from(pieces(written(purpose)))), duplex: "half", headers: { "content-type": type },
	}),
	"as FormData": (purpose) => ({ body: formData(purpose), headers: {} }),
};

for (const { status, type = multipart, url = baseURL, key = apiKey, purpose = "user_data", path = "/files", method = "POST" } of [
	{ status: 413 },
	{ status: 413, type: "application/json" },
	{ status: 401, key: wrongKey },
	{ status: 400, url: roomyURL, purpose: "nonsense" },
	{ status: 415, type: "application/octet-stream" },
	{ status: 404, path: "/nothing" },
	{ status: 405, method: "PUT" },
]) {
	for (const [framing, request] of Object.entries(framings)) {
		if (framing === "as FormData" && type !== multipart) {
			continue;
		}
		test(`fetch sees ${status} for ${method} ${path} of ${type}, ${framing}`, async () => {
			for (let i = 0; i < TRIES; i++) {
				const { headers, ...rest } = request(purpose, type);
				headers.authorization = `Bearer ${key}`;
				const answer = await fetch(url + path, { method, headers, ...rest });
				assert.equal(answer.status, status);
				assert.equal((await answer.json()).status, status);
			}
		});
	}
}
