// Builds the page that checks a draw: one file that works alone, from a disk, without a network.
//
//   npm ci && npm run build            writes ../assets/verifier.html
//   node build.mjs --check             exit code 1 when that file is not what this step gives
//
// The same sources and the pinned packages always give the same bytes.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const read = (path) => readFileSync(here(path), 'utf8');
export const PAGE = here('../assets/verifier.html');

async function bundle(entry) {
  const { outputFiles } = await build({
    entryPoints: [here(entry)],
    absWorkingDir: here('.'),
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'eof',
  });
  return outputFiles[0].text;
}

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The whole page as text. */
export async function page() {
  const strings = { fr: JSON.parse(read('../locales/fr/verifier.json')), en: JSON.parse(read('../locales/en/verifier.json')) };
  const script = await bundle('page.js');
  const worker = await bundle('worker.js');
  const style = read('page.css');
  for (const code of [script, worker]) {
    if (/<\/script|<!--/i.test(code)) throw new Error('a script would end the element that holds it');
  }
  const policy = [
    "default-src 'none'", `script-src ${hash(script)}`, `style-src ${hash(style)}`, 'worker-src blob:',
    "base-uri 'none'", "form-action 'none'",
  ].join('; ');
  const licences = [...new Set(['curves', 'hashes'].map((name) => read(`node_modules/@noble/${name}/LICENSE`).trim()))];
  if (licences.join().includes('--')) throw new Error('a licence would end the comment that holds it');
  const parts = {
    licences: `noble-curves and noble-hashes:\n\n${licences.join('\n\n')}`,
    policy, script, worker, style,
    title: strings.fr.title,
    language: strings.fr.language,
    no_script: strings.en['no-script'],
    strings: JSON.stringify(strings).replaceAll('<', '\\u003c'),
  };
  const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return read('index.html')
    .replace(/data-t="([a-z-]+)">/g, (found, key) => found + escaped(strings.fr[key]))
    .replace(/\{\{(\w+)\}\}/g, (_, part) => parts[part]);
}

if (process.argv[1] === here('build.mjs')) {
  const built = await page();
  if (process.argv.includes('--check')) {
    if (readFileSync(PAGE, 'utf8') !== built) {
      console.error('assets/verifier.html is not what verifier/build.mjs gives: npm run build');
      process.exit(1);
    }
  } else {
    writeFileSync(PAGE, built);
  }
}
