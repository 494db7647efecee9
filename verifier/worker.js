// The computation, beside the page so that the page stays alive. It hears {bytes} or {pid}.

import { bytesToHex } from '@noble/hashes/utils.js';
import { Refused } from './json.js';
import { find } from './person.js';
import { verify } from './verify.js';

const STEPS = ['reading', 'list', 'tickets', 'outcome', 'beacon'];
let found = null;

self.onmessage = ({ data }) => {
  if (data.pid !== undefined) {
    self.postMessage({ person: find(found, data.pid) });
    return;
  }
  const start = performance.now();
  try {
    found = verify(data.bytes, (step, share) => {
      self.postMessage({ step, progress: (STEPS.indexOf(step) + share) / STEPS.length });
    });
    self.postMessage({ verdict: summary(found, (performance.now() - start) / 1000) });
  } catch (fault) {
    self.postMessage(fault instanceof Refused ? { refused: fault.message } : { failed: String(fault) });
  }
};

function summary({ list, drawn }, seconds) {
  const { source } = list;
  return {
    seconds,
    draw: list.draw,
    freeze: bytesToHex(list.freeze),
    freezeAt: list.terms.get('freeze_at'),
    classes: list.classes.length,
    entries: list.entries.length,
    slots: list.slots.length,
    winners: drawn === null ? null : drawn.outcome.length,
    round: source.kind === 'drand' ? Number(source.round) : null,
  };
}
