// A provider that behaves as FranceConnect v2 does, or as ProConnect, for tests. Its people are invented (people.json);
// whoever comes to its login page is who they say.
//
//   KIND              franceconnect, or proconnect: another level, other claims, and whoever has signed in stays so
//   PORT              of 127.0.0.1; a free one if it is not set
//   CLIENT_ID, CLIENT_SECRET
//   REDIRECT_URIS     separated by spaces
//   LOGOUT_URIS       likewise
//   ALGORITHM         ES256 or RS256
//
// It prints `issuer: http://…` when it is up.
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import Provider from 'oidc-provider';

const { PORT = '0', CLIENT_ID, CLIENT_SECRET, REDIRECT_URIS, LOGOUT_URIS, ALGORITHM = 'ES256', KIND = 'franceconnect' } = process.env;
const BASE = '/api/v2';
const PROCONNECT = KIND === 'proconnect';
const [LEVEL, METHODS] = PROCONNECT ? ['eidas2', ['pwd', 'mfa']] : ['eidas1', ['fc']];
const people = JSON.parse(readFileSync(new URL('people.json', import.meta.url), 'utf8'));

const IDENTITY = ['given_name', 'given_name_array', 'family_name', 'birthdate', 'gender', 'birthplace', 'birthcountry'];

// With any other parameter, a request is refused; so are those of PKCE.
const PARAMETERS = ['client_id', 'claims', 'response_type', 'nonce', 'state', 'redirect_uri', 'scope', 'prompt', 'idp_hint'].concat(
  PROCONNECT ? ['login_hint'] : ['acr_values', 'ui_locales'],
);
const REQUIRED = ['client_id', 'response_type', 'nonce', 'state', 'redirect_uri', 'scope'].concat(PROCONNECT ? [] : ['acr_values']);
const [MIN_NONCE, MIN_STATE] = PROCONNECT ? [32, 32] : [22, 1];

function isRefused(query) {
  const prompts = (query.prompt ?? 'login').split(' ');
  return (
    Object.keys(query).some((name) => !PARAMETERS.includes(name)) ||
    REQUIRED.some((name) => !query[name]) ||
    query.nonce.length < MIN_NONCE ||
    query.state.length < MIN_STATE ||
    !prompts.every((prompt) => ['login', 'consent'].includes(prompt))
  );
}

function signingKey() {
  const [kind, options] = ALGORITHM === 'ES256' ? ['ec', { namedCurve: 'P-256' }] : ['rsa', { modulusLength: 2048 }];
  const key = generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' });
  return { ...key, kid: `test:${ALGORITHM}`, use: 'sig', alg: ALGORITHM };
}

const subject = (id) => `${createHash('sha256').update(id).digest('hex')}v1`;

const configuration = {
  clients: [
    {
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      redirect_uris: REDIRECT_URIS.split(' '),
      post_logout_redirect_uris: LOGOUT_URIS.split(' '),
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_post',
      id_token_signed_response_alg: ALGORITHM,
      userinfo_signed_response_alg: ALGORITHM,
      subject_type: 'pairwise',
    },
  ],
  jwks: { keys: [signingKey()] },
  cookies: { keys: [randomBytes(32).toString('hex')] },
  routes: {
    authorization: '/authorize',
    token: '/token',
    userinfo: '/userinfo',
    jwks: '/jwks',
    end_session: '/session/end',
  },
  ttl: { AuthorizationCode: 30, AccessToken: 60, IdToken: 60, Grant: 60, Interaction: 1800, Session: 1800 },
  acrValues: [LEVEL],
  scopes: ['openid'],
  claims: {
    openid: ['sub'],
    identite_pivot: IDENTITY,
    given_name: ['given_name'],
    usual_name: ['usual_name'],
    email: ['email'],
    preferred_username: ['preferred_username'],
    acr: null,
    amr: null,
    auth_time: null,
    iss: null,
    sid: null,
  },
  responseTypes: ['code'],
  subjectTypes: ['pairwise'],
  pairwiseIdentifier: (_ctx, id) => subject(id),
  clientAuthMethods: ['client_secret_post'],
  enabledJWA: { idTokenSigningAlgValues: [ALGORITHM], userinfoSigningAlgValues: [ALGORITHM] },
  pkce: { required: () => false },
  features: {
    devInteractions: { enabled: false },
    claimsParameter: { enabled: true },
    jwtUserinfo: { enabled: true },
    rpInitiatedLogout: { enabled: true, logoutSource: signOutAtOnce },
  },
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ usual_name: people[id].family_name, ...people[id], sub: id }) }),
  loadExistingGrant: grantWhatIsAsked,
};

async function grantWhatIsAsked(ctx) {
  const { client, session, requestParamScopes, provider } = ctx.oidc;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope([...requestParamScopes].join(' '));
  await grant.save();
  return grant;
}

function signOutAtOnce(ctx, form) {
  ctx.body = `<!doctype html><title>Déconnexion</title>
    ${form.replace('</form>', '<input type="hidden" name="logout" value="yes"></form>')}
    <script>document.forms[0].submit()</script>`;
}

function loginPage() {
  const button = ([id, { given_name, family_name }]) =>
    `<p><button name="person" value="${id}">${given_name} ${family_name}</button></p>`;
  return `<!doctype html><html lang="fr"><title>Fournisseur de test</title>
    <h1>Fournisseur de test</h1><p>Ces personnes sont inventées. Qui êtes-vous ?</p>
    <form method="post">${Object.entries(people).map(button).join('')}
    <p><button name="cancel" value="yes">Annuler</button></p></form></html>`;
}

async function interaction(provider, request, response) {
  if (request.method === 'GET') {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(loginPage());
    return;
  }
  const form = new URLSearchParams(await text(request));
  const result = form.has('cancel')
    ? { error: 'access_denied', error_description: 'User auth aborted' }
    : { login: { accountId: form.get('person'), acr: LEVEL, amr: METHODS } };
  await provider.interactionFinished(request, response, result);
}

function serve(provider, issuer) {
  const protocol = provider.callback();
  return (request, response) => {
    const url = new URL(request.url, issuer);
    if (url.pathname.startsWith('/interaction/')) {
      interaction(provider, request, response).catch((error) => response.writeHead(400).end(error.message));
      return;
    }
    if (!url.pathname.startsWith(`${BASE}/`)) {
      response.writeHead(404).end();
      return;
    }
    if (url.pathname === `${BASE}/authorize`) {
      if (isRefused(Object.fromEntries(url.searchParams))) {
        response.writeHead(400, { 'content-type': 'text/html' }).end('<!doctype html><p>Y030007</p>');
        return;
      }
      // Everybody signs in again, each time.
      if (!PROCONNECT) url.searchParams.set('prompt', 'login');
    }
    request.originalUrl = url.pathname + url.search;
    request.url = request.originalUrl.slice(BASE.length);
    protocol(request, response);
  };
}

const server = createServer();
server.listen(Number(PORT), '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}${BASE}`;
  server.on('request', serve(new Provider(issuer, configuration), issuer));
  console.log(`issuer: ${issuer}`);
});
