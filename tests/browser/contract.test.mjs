// The page's types are made from the parts of the API's definition in server/api/openapi/. They are those of the
// document that the server serves: so what the page is checked against is what a stranger reads.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parts, typesOf } from "../../web-demo/types.mjs";
import { startSession } from "./session.mjs";

const session = startSession();

test("the types of the client are those of /openapi.json", async () => {
  const { status, body } = await session.server.get("openapi.json");
  assert.equal(status, 200);
  const served = await typesOf(body);
  assert.match(served, /"\/v1\/jobs": \{/);
  assert.equal(await typesOf(await parts()), served);
});
