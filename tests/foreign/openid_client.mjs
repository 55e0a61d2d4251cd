// A client of somebody else's making signs a person in. Reads one JSON line, prints the address to send the person
// to, reads where they came back to, and prints what it learnt.
import { createInterface } from "node:readline";

const { default: _, ...client } = await import(process.env.OPENID_CLIENT);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const next = async () => (await lines.next()).value;
const { issuer, server, id, secret, redirect, method, robot } = JSON.parse(await next());

const rerouted = (url, options) => fetch(String(url).replace(issuer, server), options);
const authentication = { basic: client.ClientSecretBasic, post: client.ClientSecretPost, none: () => client.None() };
const options = { execute: [client.allowInsecureRequests], [client.customFetch]: rerouted };
const config = await client.discovery(new URL(issuer), id, undefined, authentication[method](secret), options);
config[client.customFetch] = rerouted;

const verifier = client.randomPKCECodeVerifier();
const [state, nonce] = [client.randomState(), client.randomNonce()];
const address = client.buildAuthorizationUrl(config, {
  redirect_uri: redirect, scope: "openid profile email orders.read", state, nonce,
  code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256",
});
console.log(address.href);

const back = new URL(await next());
const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
const refusal = (promise) => promise.then(() => "accepted", (problem) => problem.error || problem.cause?.error || problem.code);

const tampered = new URL(back);
tampered.searchParams.set("iss", "https://evil.example");
const result = { tampered: await refusal(client.authorizationCodeGrant(config, tampered, checks)) };
const wrong = { ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() };
result.wrong_verifier = await refusal(client.authorizationCodeGrant(config, back, wrong));

const tokens = await client.authorizationCodeGrant(config, back, checks);
result.claims = tokens.claims();
result.person = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
const fresh = await client.refreshTokenGrant(config, tokens.refresh_token);
result.rotated = fresh.refresh_token !== tokens.refresh_token;
if (method !== "none") {
  result.live = (await client.tokenIntrospection(config, fresh.access_token)).active;
  await client.tokenRevocation(config, fresh.refresh_token);
  result.dead = (await client.tokenIntrospection(config, fresh.access_token)).active;
}
result.reused = await refusal(client.refreshTokenGrant(config, tokens.refresh_token));
if (robot) {
  const alone = await client.discovery(new URL(issuer), robot.id, undefined, client.ClientSecretPost(robot.secret), options);
  alone[client.customFetch] = rerouted;
  result.alone = (await client.clientCredentialsGrant(alone, { scope: "orders.read" })).scope;
}
console.log(JSON.stringify(result));
process.exit(0);
