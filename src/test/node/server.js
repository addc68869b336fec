// Where the server under test is, and what the tests share.
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after } from "node:test";
import OpenAI from "openai";

/** Takes files of up to 20 MiB. */
export const baseURL = process.env.STOWAGE_URL + "/v1";

/** Takes files of up to 512 MiB. */
export const roomyURL = process.env.STOWAGE_ROOMY_URL + "/v1";

export const apiKey = process.env.STOWAGE_KEY;
export const wrongKey = "sk-wrong-0123456789abcdef";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "stowage-node-"));
after(() => fs.rmSync(folder, { recursive: true }));

export function client(options = {}) {
	return new OpenAI({ apiKey, baseURL, ...options });
}

/** Writes a file for this run only, and says where it is. */
export function fileOf(name, content) {
	const file = path.join(folder, name);
	fs.writeFileSync(file, content);
	return file;
}

export async function listening(server) {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	return `http://127.0.0.1:${server.address().port}`;
}
