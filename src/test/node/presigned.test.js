// The pre-signed flow as its publisher shows it for fetch.
import assert from "node:assert/strict";
import { test } from "node:test";
import { apiKey, baseURL } from "./server.js";

const headers = { "Authorization": `Bearer ${apiKey}` };

test("creates, puts, completes and downloads", async () => {
	const data = { users: [{ name: "Ada" }, { name: "日本" }] };
	const created = await fetch(`${baseURL}/files`, {
		method: "POST",
		headers: { ...headers, "Content-Type": "application/json" },
		body: JSON.stringify({ filename: "users.json", purpose: "context" }),
	});
	assert.equal(created.status, 200);
	const { id, upload_url } = await created.json();
	const put = await fetch(upload_url, {
		method: "PUT",
		headers: { "Content-Type": "application/json" },
		body: JSON.stringify(data),
	});
	assert.equal(put.status, 200);
	const completed = await fetch(`${baseURL}/files/${id}/complete`, { method: "POST", headers });
	assert.equal(completed.status, 200);
	const file = await completed.json();
	assert.equal(file.status, "completed");
	assert.equal(file.bytes, Buffer.byteLength(JSON.stringify(data)));
	const content = await fetch(`${baseURL}/files/${id}/content?expires_in=3600`, { headers });
	assert.equal(content.status, 200);
	const link = await content.json();
	assert.equal(link.expires_in, 3600);
	const download = await fetch(link.download_url);
	assert.equal(download.status, 200);
	assert.deepEqual(await download.json(), data);
});

test("reads the problem's code", async () => {
	const missing = await fetch(`${baseURL}/files/file-000000000000000000000000/complete`, { method: "POST", headers });
	assert.equal(missing.status, 404);
	assert.equal(missing.headers.get("content-type"), "application/problem+json");
	assert.equal((await missing.json()).code, "file_not_found");
});
