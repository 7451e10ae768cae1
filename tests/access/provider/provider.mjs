// A certified OpenID Connect provider (oidc-provider) on loopback, with people and faults for the tests.
// It speaks plain HTTP, keeps everything in memory and prints its issuer when it is ready.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [port, back] = process.argv.slice(2);
const require = createRequire(new URL("../../../frontend/package.json", import.meta.url));
const { default: Provider } = await import(pathToFileURL(require.resolve("oidc-provider")));
const issuer = `http://127.0.0.1:${port}`;
const people = { known: "20101198000011", stranger: "10202199000022", nameless: undefined };

const provider = new Provider(issuer, {
  clients: [{ client_id: "shaar", client_secret: "a secret for tests: %/+", redirect_uris: [back] }],
  claims: { openid: ["sub"], profile: ["pin", "name"] },
  conformIdTokenClaims: false,
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, name: id, pin: people[id] }) }),
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  cookies: { keys: ["tests"] },
  jwks: { keys: [await newKey()] },
});

async function newKey() {
  const { generateKeyPairSync } = await import("node:crypto");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), alg: "RS256", use: "sig", kid: "one" };
}

// The page of the provider where a person says who they are: a form of two buttons and a name.
async function interact(request, response) {
  const { prompt, params, grantId } = await provider.interactionDetails(request, response);
  const url = new URL(request.url, issuer);
  if (!url.searchParams.has("who") && prompt.name === "login") {
    response.setHeader("Content-Type", "text/html");
    response.end(`<!doctype html><html lang="en"><title>Provider</title><form>
      <input name="who" aria-label="who"><button>enter</button><button name="deny" value="1">deny</button></form>`);
    return;
  }
  if (url.searchParams.has("deny")) {
    const error = { error: "access_denied", error_description: "the person refused" };
    await provider.interactionFinished(request, response, error, { mergeWithLastSubmission: false });
    return;
  }
  const login = { accountId: url.searchParams.get("who") ?? (await accountOf(request, response)) };
  const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ ...login, clientId: params.client_id });
  grant.addOIDCScope("openid profile");
  const result = { login, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

async function accountOf(request, response) {
  return (await provider.interactionDetails(request, response)).session.accountId;
}

const answer = provider.callback();
createServer((request, response) => {
  const done = request.url.startsWith("/interaction/") ? interact(request, response) : answer(request, response);
  Promise.resolve(done).catch((error) => {
    response.statusCode = 500;
    response.end(String(error.stack));
  });
}).listen(Number(port), "127.0.0.1", () => process.stdout.write(`${issuer}\n`));
