// Who wins and in which class (protocol §4, steps 1 and 2, by its last paragraph): a graph whose nodes are the
// classes, with an arrow x → y where somebody who sits in x accepts y. Sets of classes are rows of 32-bit words.

/** Everything that the searches share. People of one type are interchangeable until their class is fixed. */
class Hall {
  constructor(types, seats) {
    this.count = seats.length;
    this.width = Math.ceil(seats.length / 32);
    this.accepts = types; // of each type, a row
    this.listed = types.map((row) => Uint16Array.from(classesOf(row)));
    this.free = Int32Array.from(seats);
    this.room = this.row();
    seats.forEach((seat, c) => seat > 0 && add(this.room, c));
    this.sitting = seats.map(() => new Map()); // of each class: type → how many
    this.where = types.map(() => new Set()); // of each type: the classes where some of it sit
    this.movers = seats.map(() => null); // movers[x][y]: how many of those in x accept y
    this.reach = seats.map(() => this.row()); // the arrows of x: where movers[x][y] > 0
    this.seen = this.row();
    this.queue = new Uint16Array(this.count);
    this.from = new Int32Array(this.count);
  }

  row() {
    return new Uint32Array(this.width);
  }

  take(c, seats) {
    this.free[c] -= seats;
    if (this.free[c] > 0) add(this.room, c);
    else remove(this.room, c);
  }

  sit(type, c) {
    this.take(c, 1);
    this.sitting[c].set(type, (this.sitting[c].get(type) ?? 0) + 1);
    this.where[type].add(c);
    const movers = (this.movers[c] ??= new Uint32Array(this.count));
    for (const to of this.listed[type]) {
      movers[to] += 1;
      if (movers[to] === 1) add(this.reach[c], to);
    }
  }

  stand(type, c) {
    this.take(c, -1);
    const left = this.sitting[c].get(type) - 1;
    if (left === 0) {
      this.sitting[c].delete(type);
      this.where[type].delete(c);
    } else {
      this.sitting[c].set(type, left);
    }
    for (const to of this.listed[type]) {
      this.movers[c][to] -= 1;
      if (this.movers[c][to] === 0) remove(this.reach[c], to);
    }
  }

  /**
   * Breadth first, from the classes in the queue (already in `seen`) to the first that is a goal or has room;
   * `seen` also holds what must not be entered. Returns that class, or -1.
   */
  search(queued, goals) {
    const { width, seen, queue, from, room } = this;
    for (let at = 0; at < queued; at += 1) {
      const arrows = this.reach[queue[at]];
      for (let word = 0; word < width; word += 1) {
        const fresh = arrows[word] & ~seen[word];
        const hit = fresh & (room[word] | goals[word]);
        if (hit !== 0) {
          const found = 32 * word + lowest(hit);
          from[found] = queue[at];
          return found;
        }
      }
      for (let word = 0; word < width; word += 1) {
        let fresh = arrows[word] & ~seen[word];
        seen[word] |= fresh;
        for (; fresh !== 0; fresh &= fresh - 1) {
          const to = 32 * word + lowest(fresh);
          from[to] = queue[at];
          queue[queued] = to;
          queued += 1;
        }
      }
    }
    return -1;
  }

  /** Moves one person along each arrow of the path that ends here; returns its first class, now with a seat. */
  shift(end) {
    let to = end;
    while (this.from[to] !== -1) {
      const c = this.from[to];
      for (const type of this.sitting[c].keys()) {
        if (has(this.accepts[type], to)) {
          this.stand(type, c);
          this.sit(type, to);
          break;
        }
      }
      to = c;
    }
    return to;
  }
}

/** Step 1. Returns, in key order, whether each wins; `tell(share)` hears how far it is. */
function chooseWinners(hall, people, reserves, tell) {
  const full = hall.row(); // classes from which no search will ever find a seat
  const nothing = hall.row();
  const wins = new Uint8Array(people.length);
  const admit = (type) => {
    const accepted = hall.accepts[type];
    hall.seen.set(full);
    let queued = 0;
    let end = -1;
    for (let word = 0; word < hall.width && end < 0; word += 1) {
      const direct = accepted[word] & hall.room[word];
      if (direct !== 0) end = 32 * word + lowest(direct);
    }
    if (end >= 0) {
      hall.from[end] = -1;
    } else {
      for (const c of hall.listed[type]) {
        if (has(full, c)) continue;
        add(hall.seen, c);
        hall.from[c] = -1;
        hall.queue[queued] = c;
        queued += 1;
      }
      end = hall.search(queued, nothing);
    }
    if (end < 0) full.set(hall.seen);
    else hall.sit(type, hall.shift(end));
    return end >= 0;
  };
  for (const [label, seats] of [...reserves, [null, people.length]]) {
    let left = seats;
    for (let at = 0; at < people.length && left > 0; at += 1) {
      if (label === null && at % 1024 === 0) tell(at / people.length);
      const { type, reserve } = people[at];
      if (wins[at] === 0 && (label === null || reserve === label) && admit(type)) {
        wins[at] = 1;
        left -= 1;
      }
    }
  }
  return wins;
}

/**
 * Step 2. To each winner, in key order, the smallest class with which all later ones still have a seat.
 *
 * What a failed search saw is a full set of classes whose people accept none outside it. Who is outside never
 * gets in, so the set is kept: `closed[c]` is the last such set around c.
 */
function chooseClasses(hall, winners, tell) {
  const closed = new Array(hall.count).fill(null);
  const goals = hall.row();
  return winners.map((type, number) => {
    if (number % 1024 === 0) tell(number / winners.length);
    hall.seen.fill(0);
    goals.fill(0);
    for (const c of hall.where[type]) add(goals, c);
    let end = -1;
    for (const c of hall.listed[type]) {
      if (has(hall.seen, c)) continue;
      if (closed[c] !== null && !within(hall.accepts[type], closed[c])) {
        merge(hall.seen, closed[c]);
        continue;
      }
      hall.from[c] = -1;
      hall.queue[0] = c;
      const before = hall.seen.slice();
      add(hall.seen, c);
      end = has(goals, c) || has(hall.room, c) ? c : hall.search(1, goals);
      if (end >= 0) break;
      const set = hall.seen.slice();
      for (const one of classesOf(set)) if (!has(before, one)) closed[one] = set;
    }
    const [anywhere] = hall.where[type];
    hall.stand(type, has(goals, end) ? end : anywhere);
    const chosen = hall.shift(end);
    hall.take(chosen, 1); // theirs now: nobody moves them again
    return chosen;
  });
}

/**
 * `types`: of each type a row of bits; `seats`: of each class how many; `people`: {type, reserve} in key
 * order; `reserves`: [label, seats] in order. Returns [position in key order, class] of each winner.
 */
export function allot(types, seats, people, reserves, tell = () => {}) {
  const hall = new Hall(types, seats);
  const wins = chooseWinners(hall, people, reserves, (share) => tell(share / 2));
  const winners = [];
  wins.forEach((won, at) => won === 1 && winners.push(at));
  const classes = chooseClasses(hall, winners.map((at) => people[at].type), (share) => tell(0.5 + share / 2));
  return winners.map((at, number) => [at, classes[number]]);
}

function lowest(word) {
  return 31 - Math.clz32(word & -word);
}

function add(row, c) {
  row[c >>> 5] |= 1 << (c & 31);
}

function remove(row, c) {
  row[c >>> 5] &= ~(1 << (c & 31));
}

function has(row, c) {
  return ((row[c >>> 5] >>> (c & 31)) & 1) === 1;
}

function merge(row, other) {
  for (let word = 0; word < row.length; word += 1) row[word] |= other[word];
}

function within(row, other) {
  for (let word = 0; word < row.length; word += 1) if ((row[word] & ~other[word]) !== 0) return false;
  return true;
}

function* classesOf(row) {
  for (let at = 0; at < row.length; at += 1) {
    for (let word = row[at]; word !== 0; word &= word - 1) yield 32 * at + lowest(word);
  }
}
