// The built page in a real browser, opened from the disk as somebody would: a verdict, a refusal, one's own
// line, both languages, no request at all. Prints how long 10,000 entries take (100,000 with PASSAGE_DEPTH=soak).
//
//   node test/browser.mjs [FOLDER]      with a folder, screenshots are kept there
//
// CHROMIUM names the browser, /usr/bin/chromium by default.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const twelve = readFileSync(here('../../tests/vectors/twelve-entries.json'));
const drand = readFileSync(here('../../tests/vectors/two-hundred-entries-drand-1000.json'));
const PAGE = pathToFileURL(here('../../assets/verifier.html')).href;
const AXE = readFileSync(here('../node_modules/axe-core/axe.min.js'), 'utf8');
const WINNER = 'd58566597cc15dbd1e36c384dca0e5fe';
const folder = mkdtempSync(join(tmpdir(), 'passage-browser-'));
const pictures = process.argv[2];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});

async function open(width) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, offline: true, locale: 'fr-FR' });
  const page = await context.newPage();
  const asked = [];
  const faults = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (fault) => faults.push(String(fault)));
  await page.goto(PAGE);
  return { page, asked, faults };
}

async function give(page, bytes, patience = 30_000) {
  const file = join(folder, 'bundle.json');
  writeFileSync(file, bytes);
  const before = Date.now();
  await page.setInputFiles('#file', []);
  await page.setInputFiles('#file', file);
  await page.waitForSelector('#verdict h2', { timeout: patience });
  return { verdict: await page.textContent('#verdict'), elapsed: (Date.now() - before) / 1000 };
}

async function picture(page, name) {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

async function reads(width) {
  const { page, asked, faults } = await open(width);
  await picture(page, `empty-${width}`);
  const { verdict } = await give(page, drand);
  assert.match(verdict, /Le tirage est exact/);
  assert.match(verdict, /tour 1000, sorti le 23 août 2023 à 17:59:24/);
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Le tirage est exact');
  const { secret, ...announced } = JSON.parse(twelve).source;
  const { seed, outcome, outcome_hash, ...list } = { ...JSON.parse(twelve), source: announced };
  assert.match((await give(page, Buffer.from(JSON.stringify(list)))).verdict, /La liste gelée est exacte/);
  assert.match((await give(page, twelve)).verdict, /l'aléa venait de l'opérateur/);
  await page.fill('#pid', 'no pid');
  await page.click('#who button');
  assert.ok(await page.isVisible('#pid-fault'));
  await page.fill('#pid', WINNER);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#person dl');
  const person = await page.textContent('#person');
  assert.match(person, /1 sur 12/);
  assert.match(person, /vendredi 8 janvier 2027, l'après-midi/);
  assert.match(person, /2 personnes sur 3/);
  await picture(page, `verdict-${width}`);
  await page.fill('#pid', '00'.repeat(16));
  await page.click('#who button');
  await page.waitForFunction(() => document.getElementById('person').textContent.includes("n'est pas dans"));
  await page.click('[data-lang=en]');
  assert.match(await page.textContent('#verdict'), /The computation is correct/);
  assert.match(await page.textContent('#person'), /not in this list/);
  assert.equal(await page.getAttribute('html', 'lang'), 'en');

  const flipped = Buffer.from(twelve);
  flipped[twelve.indexOf('outcome":[[10') + 12] ^= 1;
  const refused = await give(page, flipped);
  assert.match(refused.verdict, /This file is refused/);
  assert.match(refused.verdict, /outcome\[0\]/);
  assert.ok(!(await page.isVisible('#who')));
  await picture(page, `refused-${width}`);

  const { violations } = await page.evaluate(`${AXE}; axe.run()`);
  assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), [], 'accessibility');
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(overflow, 0, 'the page is wider than the screen');
  const outside = asked.filter((url) => !url.startsWith('blob:') && url !== PAGE);
  assert.deepEqual(outside, [], 'the page asked for something');
  assert.deepEqual(faults, []);
  await page.context().close();
}

/** The page's own policy must hold even where there is a network. */
async function cannotSpeak() {
  const { page } = await open(1280);
  const spoke = await page.evaluate(() => fetch('data:text/plain,x').then(() => 'spoke', () => 'refused'));
  assert.equal(spoke, 'refused');
  await page.context().close();
}

async function timed() {
  const entries = process.env.PASSAGE_DEPTH === 'soak' ? 100_000 : 10_000;
  const bundle = execFileSync('python3', [here('generator.py'), '--entries', entries, '--slots', entries * 0.3,
    '--classes', '500', '--types', '3000'], { maxBuffer: 2 ** 31 });
  const { page } = await open(1280);
  const moved = page.waitForFunction(() => document.getElementById('bar').value > 0.1);
  const { verdict, elapsed } = await give(page, bundle, 300_000);
  await moved;
  assert.match(verdict, /Le tirage est exact/);
  const file = join(folder, 'large.json');
  writeFileSync(file, bundle);
  const before = Date.now();
  execFileSync('python3', [here('../passage_verify.py'), file]);
  const python = (Date.now() - before) / 1000;
  console.log(`${entries} entries, ${entries * 0.3} slots, 500 classes: page ${elapsed.toFixed(1)} s, Python ${python.toFixed(1)} s`);
  await page.context().close();
}

try {
  for (const width of [360, 1280]) await reads(width);
  await cannotSpeak();
  await timed();
  console.log(`the page holds in ${browser.version()}`);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
