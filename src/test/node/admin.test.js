// What an unmodified SDK does with the administration of projects and keys.
import assert from "node:assert/strict";
import { test } from "node:test";
import OpenAI, { AuthenticationError, NotFoundError, PermissionDeniedError, RateLimitError, toFile } from "openai";
import { apiKey, baseURL, client } from "./server.js";

const admin = new OpenAI({ adminAPIKey: process.env.STOWAGE_ADMIN_KEY, apiKey: null, baseURL });
const projects = admin.admin.organization.projects;

const upload = async (by) => by.files.create({ file: await toFile(Buffer.from("hello"), "a.txt"), purpose: "user_data" });

async function all(page) {
	const items = [];
	for await (const item of page) {
		items.push(item);
	}
	return items;
}

test("makes a project, a service account and a key that opens it", async () => {
	const project = await projects.create({ name: "Acme" });
	assert.deepEqual([project.object, project.name, project.status], ["organization.project", "Acme", "active"]);
	assert.deepEqual(await projects.retrieve(project.id), project);
	assert.equal((await projects.update(project.id, { name: "Acme Ltd" })).name, "Acme Ltd");
	const account = await projects.serviceAccounts.create(project.id, { name: "app" });
	const app = client({ apiKey: account.api_key.value });
	const file = await upload(app);
	assert.deepEqual((await all(await app.files.list())).map((each) => each.id), [file.id]);
	await assert.rejects(client().files.retrieve(file.id), NotFoundError);
	const { api_key, ...shown } = account;
	assert.deepEqual(await projects.serviceAccounts.retrieve(account.id, { project_id: project.id }), shown);
	assert.deepEqual(await all(await projects.serviceAccounts.list(project.id)), [shown]);
});

test("replaces a key without a pause", async () => {
	const { id: project_id } = await projects.create({ name: "Rotating" });
	const account = await projects.serviceAccounts.create(project_id, { name: "app" });
	const next = await projects.serviceAccounts.apiKeys.create(account.id, { project_id, scopes: ["files.read"] });
	assert.equal(next.name, "app");
	const keys = await all(await projects.apiKeys.list(project_id, { limit: 1 }));
	assert.deepEqual(keys.map((key) => key.id).sort(), [account.api_key.id, next.id].sort());
	assert.ok(keys.every((key) => key.owner.service_account.id === account.id));
	const removed = await projects.apiKeys.delete(account.api_key.id, { project_id });
	assert.deepEqual(removed, { object: "organization.project.api_key.deleted", id: account.api_key.id, deleted: true });
	await assert.rejects(client({ apiKey: account.api_key.value }).files.list(), AuthenticationError);
	const reader = client({ apiKey: next.value });
	assert.deepEqual(await all(await reader.files.list()), []);
	await assert.rejects(upload(reader), (error) => {
		assert.ok(error instanceof PermissionDeniedError);
		assert.match(error.message, /lacks the scope 'files.write'/);
		return true;
	});
	assert.equal((await projects.serviceAccounts.delete(account.id, { project_id })).deleted, true);
	await assert.rejects(reader.files.list(), AuthenticationError);
});

test("closes a project", async () => {
	const { id } = await projects.create({ name: "Closing" });
	const account = await projects.serviceAccounts.create(id, { name: "app" });
	const archived = await projects.archive(id);
	assert.equal(archived.status, "archived");
	await assert.rejects(client({ apiKey: account.api_key.value }).files.list(), AuthenticationError);
	assert.ok((await all(await projects.list())).every((each) => each.id !== id));
	assert.ok((await all(await projects.list({ include_archived: true }))).some((each) => each.id === id));
	await assert.rejects(projects.retrieve("proj_nobody"), NotFoundError);
});

test("has a key of its own", async () => {
	const wrong = new OpenAI({ adminAPIKey: apiKey, apiKey: null, baseURL });
	await assert.rejects(wrong.admin.organization.projects.list(), AuthenticationError);
});

test("lets a service act for a project", async () => {
	const customer = await projects.create({ name: "Customer" });
	const account = await projects.serviceAccounts.create(customer.id, { name: "app" });
	const file = await upload(client({ apiKey: account.api_key.value }));
	const service = await projects.create({ name: "Batches" });
	const runner = await projects.serviceAccounts.create(service.id, { name: "runner" });
	const key = await projects.serviceAccounts.apiKeys.create(runner.id, {
		project_id: service.id,
		name: "all",
		scopes: ["files.read", "files.write", "owners.all"],
	});
	const acting = client({ apiKey: key.value, project: customer.id });
	assert.equal((await acting.files.retrieve(file.id)).filename, "a.txt");
	const output = await acting.files.create({ file: await toFile(Buffer.from("{}"), "out.jsonl"), purpose: "batch_output" });
	assert.equal(output.purpose, "batch_output");
});

test("limits what a project may have and ask for", async () => {
	const { id } = await projects.create({ name: "Limited" });
	const account = await projects.serviceAccounts.create(id, { name: "app" });
	const app = client({ apiKey: account.api_key.value, maxRetries: 3 });
	const raw = client({ apiKey: process.env.STOWAGE_ADMIN_KEY });
	const quota = await raw.post(`/organization/projects/${id}/quota`, { body: { max_bytes: 7 } });
	assert.equal(quota.max_bytes, 7);
	await upload(app);
	const began = Date.now();
	await assert.rejects(upload(app), (error) => {
		assert.ok(error instanceof RateLimitError);
		assert.deepEqual([error.code, error.type], ["insufficient_quota", "insufficient_quota"]);
		assert.match(error.message, /There is no room for one of 5 bytes/);
		return true;
	});
	// the SDK does not repeat it
	assert.ok(Date.now() - began < 5000);
	const usage = await raw.get(`/organization/projects/${id}/usage`);
	assert.deepEqual([usage.files, usage.bytes], [1, 5]);
	const [limit] = await all(await projects.rateLimits.listRateLimits(id));
	assert.deepEqual([limit.id, limit.max_requests_per_1_minute], ["rl-files", 0]);
	const set = await projects.rateLimits.updateRateLimit(limit.id, { project_id: id, max_requests_per_1_minute: 1000 });
	assert.equal(set.max_requests_per_1_minute, 1000);
	const { response } = await app.files.list().withResponse();
	assert.equal(response.headers.get("x-ratelimit-limit-requests"), "1000");
});
