// An OpenID Provider that is not ours, for the tests of log-in with e-ID: listens on loopback, says
// where, and identifies whoever a form names. "in-token" tells the claims in the ID token, too.
"use strict";

const http = require("node:http");
const { pathToFileURL } = require("node:url");

const main = async () => {
  const { Provider } = await import(pathToFileURL(require.resolve("oidc-provider")));
  const server = http.createServer();
  server.listen(0, "127.0.0.1", () => {
    const issuer = `http://127.0.0.1:${server.address().port}`;
    const provider = new Provider(issuer, {
      acrValues: ["idp:sbid"],
      claims: { openid: ["sub"], nin: ["nin"] },
      clients: [
        {
          client_id: "tidbok",
          client_secret: "a secret of client and provider",
          redirect_uris: ["https://boka.example/mitt/logged-in"],
        },
      ],
      conformIdTokenClaims: process.argv[2] !== "in-token",
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, nin: id }) }),
      pkce: { required: () => true },
    });
    server.on("request", provider.callback());
    console.log(issuer);
  });
  process.stdin.on("end", () => process.exit(0)).resume();
};

main();
