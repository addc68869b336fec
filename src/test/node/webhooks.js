// verifies deliveries with the library of Standard Webhooks; EventTests runs this

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

const webhook = new Webhook(process.env.WEBHOOK_SECRET);
const deliveries = JSON.parse(readFileSync(process.argv[2], "utf8"));
for (const { id, timestamp, signature, body } of deliveries) {
	const headers = { "webhook-id": id, "webhook-timestamp": `${timestamp}`, "webhook-signature": signature };
	const event = webhook.verify(body, headers);
	assert.match(event.type, /^file\.(created|deleted|expired)$/);
	assert.ok(Math.abs(Date.now() - Date.parse(event.timestamp)) < 300_000);
	assert.throws(() => webhook.verify(`${body} `, headers), WebhookVerificationError);
	assert.throws(() => webhook.verify(body, { ...headers, "webhook-id": "evt_other" }), WebhookVerificationError);
}
console.log(`${deliveries.length} verified`);
