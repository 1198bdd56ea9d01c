// A Supabase project on this machine: Supabase Lite in front of a Postgres. `local.py` runs it.
//
// It reads one line of settings, writes one line with its port, and ends when nobody holds its
// standard input any more.
import { createInterface } from "node:readline";
import { serve } from "@hono/node-server";
import { App } from "@supabase/lite";
import { createPostgresConnection } from "@supabase/lite/postgres";

console.log = console.error;
const lines = createInterface({ input: process.stdin });
const settings = new Promise((resolve) => lines.once("line", (line) => resolve(JSON.parse(line))));
lines.on("close", () => process.exit());

const { database, port, jwt_secret, publishable_key, secret_key } = await settings;
// As a project writes a moment. Lite leaves it as Postgres does, "2026-01-01 00:00:00.1+00", which
// other clients than JavaScript's do not read.
const timestamptz = {
  to: 1184,
  from: [1184],
  serialize: (value) => value,
  parse: (text) => text.replace(" ", "T").replace(/\+00$/, "+00:00"),
};
const connection = createPostgresConnection({
  url: database,
  postgresOptions: { onnotice() {}, types: { timestamptz } },
});
// Or it would grant everything on every table to everybody, whatever the migrations say.
connection.rlsState = "active";
const app = new App({
  connection,
  auth: {
    enabled: true,
    enable_signup: true,
    jwt_secret,
    publishable_key,
    secret_key,
    email: { enable_confirmations: false },
  },
  options: { server: { admin: false } }, // or a request without a key would pass every policy by
});
await app.ensureSystemSchema();
await app.init();

serve({ fetch: (request) => app.fetch(request), hostname: "127.0.0.1", port }, ({ port: own }) =>
  process.stdout.write(`${own}\n`),
);
