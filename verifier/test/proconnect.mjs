// An agent links an identity of ProConnect and signs in with it in a real browser, narrow: whose cookies travel with a
// return from another site, and what leads out past the content security policy, only a browser says. PASSAGE_URL is where
// the pages are, PASSAGE_PASSWORD the password of `agente` (tools/try-franceconnect.sh starts them).
//
//   node test/proconnect.mjs [FOLDER]      with a folder, screenshots are kept there

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const base = process.env.PASSAGE_URL;
const pictures = process.argv[2];
const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const context = await browser.newContext({ viewport: { width: 360, height: 900 }, locale: 'fr-FR', bypassCSP: false });
const page = await context.newPage();
const faults = [];
page.on('console', (message) => message.type() === 'error' && !message.text().startsWith('Failed to load') && faults.push(message.text()));

async function looked(name) {
  if (pictures) await page.screenshot({ path: join(pictures, `proconnect-${name}.png`), fullPage: true });
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), [], name);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  assert.equal(wide, false, `${name} scrolls sideways`);
}

const signsOut = () => page.click('form[action="/agent/deconnexion"] button');

await page.goto(`${base}/agent/connexion`);
await looked('sign-in');
// Nobody holds it yet.
await page.click('.fr-connect');
await page.click('button[value="lina"]');
await page.waitForSelector("text=Aucun compte de ce service n'est lié");
await looked('unknown');
await page.click('text=Me déconnecter de ProConnect');
await page.waitForSelector('text=Vous êtes déconnecté, ici et de ProConnect');
await page.click('main .fr-btn');

await page.fill('#login', 'agente');
await page.fill('#password', process.env.PASSAGE_PASSWORD);
await page.click('#formulaire button[type="submit"]');
await page.goto(`${base}/agent/compte`);
await page.click('a[href="/agent/compte/proconnect/aller"]');
await page.click('button[value="camille"]');
await page.waitForSelector('#proof');
await page.waitForSelector('text=Camille Inventée EXEMPLE');
await looked('link');
await page.fill('#proof', process.env.PASSAGE_PASSWORD);
await page.click('main form .fr-btn');
await page.waitForSelector('text=Votre identité ProConnect est liée à votre compte');
await looked('linked');
await signsOut();

// ProConnect knows who was there a moment ago, and so do we now.
await page.click('.fr-connect');
await page.waitForURL(`${base}/agent`);
await page.goto(`${base}/agent/compte`);
await page.waitForSelector('text=Ouverte avec ProConnect');
await signsOut();
await page.waitForSelector('text=Vous êtes déconnecté, ici et de ProConnect');
await looked('left');
await page.click('main .fr-btn');
await page.click('.fr-connect');
await page.waitForSelector('button[value="camille"]');
await page.click('button[name="cancel"]');
await page.waitForSelector('text=Vous avez arrêté avant la fin');
await looked('cancelled');
assert.deepEqual(faults, []);
await browser.close();
console.log('ProConnect in a browser: linked, signed in, signed out, cancelled');
