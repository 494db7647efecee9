// Somebody registers through FranceConnect in a real browser, narrow and wide: to the provider, back, to the receipt, and
// out again. PASSAGE_URL is where the pages are (tools/try-franceconnect.sh starts them).
//
//   node test/franceconnect.mjs [FOLDER]      with a folder, screenshots are kept there

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

async function looked(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), [], name);
}

async function registers(width, person, says) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, locale: 'fr-FR', bypassCSP: false });
  const page = await context.newPage();
  const faults = [];
  page.on('console', (message) => message.type() === 'error' && !message.text().startsWith('Failed to load') && faults.push(message.text()));
  const form = `${base}/p/demonstration/premiere-demande/inscription`;
  await page.goto(form);
  await looked(page, `offer-${width}`);
  await page.click('.fr-connect');
  await page.click('button[name="cancel"]');
  await page.waitForSelector('text=Vous avez arrêté avant la fin');
  await looked(page, `cancelled-${width}`);
  await page.click('main .fr-btn');
  await page.click('.fr-connect');
  await page.click(`button[value="${person}"]`);
  await page.waitForSelector(`text=${says}`);
  assert.equal(await page.locator('#birth_name').count(), 0);
  await looked(page, `stated-${width}`);
  await page.fill('#phone', '06 39 98 00 42');
  await page.click('#envoyer');
  await page.waitForSelector('.reference');
  await looked(page, `receipt-${width}`);
  await page.click('a[href="/fc/quitter"]');
  await page.waitForSelector('text=Vous êtes déconnecté de FranceConnect');
  await page.goto(form);
  assert.equal(await page.locator('#birth_name').count(), 1);
  assert.deepEqual(faults, []);
  await context.close();
}

await registers(360, 'camille', 'Camille Inventée EXEMPLE, 12/04/1990');
await registers(1280, 'amadou', 'Amadou FICTIF, 00/00/1980');
await browser.close();
console.log('FranceConnect in a browser: registered, cancelled, signed out');
