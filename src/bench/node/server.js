// Receives files and streams them to S3, as the documentation of its packages shows.
import { randomUUID } from "node:crypto";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import multipart from "@fastify/multipart";
import Fastify from "fastify";

const { PORT, STOWAGE_S3_BUCKET: Bucket, STOWAGE_S3_ENDPOINT: endpoint, STOWAGE_S3_REGION: region } = process.env;
const s3 = new S3Client({ endpoint, region, forcePathStyle: true });
const app = Fastify();
await app.register(multipart, { limits: { fileSize: Infinity } });

const file = (id, filename, bytes, purpose) =>
	({ id, object: "file", bytes, created_at: Math.floor(Date.now() / 1000), filename, purpose });

app.post("/v1/files", async (request) => {
	const id = `file-${randomUUID()}`;
	if (!request.isMultipart()) {
		const upload_url = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: `files/${id}` }));
		return { ...file(id, request.body.filename, 0, "user_data"), upload_url };
	}
	const part = await request.file();
	await new Upload({ client: s3, params: { Bucket, Key: `files/${id}`, Body: part.file } }).done();
	return file(id, part.filename, part.file.bytesRead, part.fields.purpose.value);
});

app.get("/v1/files/:id/content", async (request, reply) => {
	const object = await s3.send(new GetObjectCommand({ Bucket, Key: `files/${request.params.id}` }));
	return reply.header("content-length", object.ContentLength).type("application/octet-stream").send(object.Body);
});

app.get("/", async () => "up");

await app.listen({ port: Number(PORT), host: "127.0.0.1" });
