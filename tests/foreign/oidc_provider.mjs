// A provider of somebody else's making, with one client: ours. Reads one JSON line, says "ready", runs until told to end.
import { createInterface } from "node:readline";

const { default: Provider } = await import(process.env.OIDC_PROVIDER);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { issuer, port, id, secret, redirect, method } = JSON.parse((await lines.next()).value);

const provider = new Provider(issuer, {
  clients: [{
    client_id: id, client_secret: secret, redirect_uris: [redirect], token_endpoint_auth_method: method,
    grant_types: ["authorization_code"], response_types: ["code"],
  }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  cookies: { keys: ["of a test"] },
  pkce: { required: () => true },
  findAccount: (_, sub) => ({
    accountId: sub,
    claims: () => ({ sub, email: `${sub}@id.example`, email_verified: sub !== "unproven", name: `Person ${sub}` }),
  }),
});
const server = provider.listen(port, "127.0.0.1", () => console.log("ready"));
await lines.next();
server.close();
process.exit(0);
