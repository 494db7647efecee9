// One person in a verified list: what the page says to somebody who gives their pid.

import { hexToBytes } from '@noble/hashes/utils.js';
import { ticketHex } from './verify.js';

/** What `verify` found, seen by the holder of a pid; null when it is not in the list. */
export function find({ list, drawn }, pid) {
  const entry = list.entries.findIndex(([one]) => one === pid);
  if (entry < 0) return null;
  const [, type, tier, weight, bucket, reserve] = list.entries[entry];
  const accepts = hexToBytes(list.types[type]).reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
  const line = { entry, tier, weight, bucket, reserve, accepts };
  return drawn === null ? line : { ...line, ...result(list, drawn, entry) };
}

function result(list, { tickets, order, outcome }, entry) {
  const alike = (one) => list.entries[one][2] === list.entries[entry][2] && list.entries[one][3] === list.entries[entry][3];
  const won = outcome.find(([winner]) => winner === entry);
  const slot = won && list.slots[won[1]];
  return {
    ticket: ticketHex(tickets, entry),
    place: order.indexOf(entry) + 1,
    alike: list.entries.filter((_, one) => alike(one)).length,
    alikeWon: outcome.filter(([winner]) => alike(winner)).length,
    slot: slot ? { id: slot[0], date: list.classes[slot[1]][1], half: list.classes[slot[1]][2] } : null,
  };
}
