/**
 * A plant by seed: the same seed and shape give the same plant, number for number. Units are numbered in the order of their
 * making, from 0; everything is columns, so that ten million links are a few hundred megabytes and no object each.
 *
 * RAW lots are mixed into PASTE lots, by twos; a panel of twenty BOARDs takes two pastes (and REELs of parts, where the shape
 * has them) and a CHIP a board; a DEVICE is a board, a BATTERY and more reels. Of a hundred panels three could be of either of
 * two pastes (links that are only possible); of a hundred devices two give their board to the next one. Ninety of a hundred
 * are shipped. Beside all that a line of REGRIND lots goes 2,000 levels deep.
 */
const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2024, 0, 1, 6);
export const DAYS = 364;
const BOARDS_PER_PANEL = 20;
/** boards of 75 panels, and the devices they are in: a small trace reaches 3,000 units */
const PANELS_PER_PASTE = 75;
const DEEP_LEVELS = 2_000;
const DEEP_WIDTH = 5;
const EVENTS_PER_BATCH = 25;

export const CONSUME = 0;
export const INSTALL = 1;
export const SHOPS = 200;
export const PLACES = 20;

export const ITEMS = [
  { code: 'RAW', tracking: 'lot', uom: 'kg' },
  { code: 'PASTE-A', tracking: 'lot', uom: 'kg' },
  { code: 'PASTE-B', tracking: 'lot', uom: 'kg' },
  { code: 'REEL', tracking: 'lot', uom: 'pcs' },
  { code: 'CHIP', tracking: 'serial', uom: 'pcs' },
  { code: 'BATTERY', tracking: 'serial', uom: 'pcs' },
  { code: 'SPARE', tracking: 'serial', uom: 'pcs' },
  { code: 'BOARD', tracking: 'serial', uom: 'pcs' },
  { code: 'DEVICE', tracking: 'serial', uom: 'pcs' },
  { code: 'REGRIND', tracking: 'lot', uom: 'kg' },
];
const item = Object.fromEntries(ITEMS.map(({ code }, n) => [code, n]));

export const EVENT_TYPES = ['receive', 'produce', 'install', 'remove', 'ship'];
const type = Object.fromEntries(EVENT_TYPES.map((name, n) => [name, n]));

/** What is made: `devices` and how many of each; `bad` is the share of all pastes that the suspected raw lot went into. */
export const SHAPES = {
  /** 10.7 million units, 9.1 million links; one raw lot reaches 405,000 units */
  wide: { devices: 1_792_000, boardReels: 0, deviceReels: 0, batteries: true, sparesPerDevice: 1.9, bad: 0.11 },
  /** 2 million units, 10 million links; one raw lot reaches 400,000 units */
  scale: { devices: 660_000, boardReels: 6, deviceReels: 5, batteries: false, sparesPerDevice: 0, bad: 0.3 },
};

export const SIZES = { small: 0.02, medium: 0.2, full: 1 };

/** A random number generator of 32 bits (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function makePlant({ shape, factor = 1, seed = 1 }) {
  return new Maker(shape, factor, random(seed)).make();
}

class Maker {
  constructor(shape, factor, next) {
    this.shape = shape;
    this.next = next;
    this.perDay = Math.max(BOARDS_PER_PANEL, Math.round((shape.devices * factor) / DAYS / 20) * BOARDS_PER_PANEL);
    this.lines = Math.max(1, Math.round(10 * Math.min(1, factor)));
    const devices = this.perDay * DAYS;
    const deep = DEEP_LEVELS * DEEP_WIDTH;
    const unitsMax = devices * (4 + shape.sparesPerDevice) * 1.01 + deep + 20_000;
    const linksMax = devices * (6 + shape.boardReels + shape.deviceReels) * 1.01 + 4 * deep + 20_000;
    const eventsMax = devices / 5 + deep + 100_000;
    this.units = { count: 0, item: new Uint8Array(unitsMax), event: new Int32Array(unitsMax) };
    this.links = {
      count: 0,
      input: new Int32Array(linksMax),
      output: new Int32Array(linksMax),
      mode: new Uint8Array(linksMax),
      certain: new Uint8Array(linksMax),
      event: new Int32Array(linksMax),
      /** the event that ended an installation, −1 where none did */
      endEvent: new Int32Array(linksMax).fill(-1),
    };
    this.events = { count: 0, type: new Uint8Array(eventsMax), at: new Float64Array(eventsMax) };
    this.shipped = { count: 0, unit: new Int32Array(devices), event: new Int32Array(devices) };
    this.now = START_MS;
    // The steps of a day, spread over it.
    this.stepMs = Math.max(1, Math.floor((DAY_MS * 0.6) / (this.perDay / 5 + 400)));
    this.linkOfDevice = new Map();
  }

  make() {
    const seeds = {};
    const raws = [];
    const state = { seeds, raws, bad: this.lots('RAW', 1)[0], lineLots: [], pool: [], waiting: [], recent: [] };
    seeds.wide = state.bad;
    for (let day = 0; day < DAYS; day++) {
      this.now = START_MS + day * DAY_MS;
      this.day(day, state);
    }
    // A lot that nothing was made of: writers take from it.
    seeds.raw = this.lots('RAW', 1)[0];
    seeds.deep = this.deep();
    return this.done(seeds);
  }

  day(day, state) {
    const { shape, perDay } = this;
    const chips = this.serials('CHIP', perDay);
    const batteries = shape.batteries ? this.serials('BATTERY', perDay) : -1;
    this.serials('SPARE', Math.round(perDay * shape.sparesPerDevice));
    if (day % 7 === 0) for (let n = 0; n < 4; n++) state.raws.push(this.lots('RAW', 1)[0]);
    const boardReels = shape.boardReels > 0 ? this.lots('REEL', 2 * shape.boardReels) : [];
    const deviceReels = shape.deviceReels > 0 ? this.lots('REEL', 2 * shape.deviceReels) : [];
    const boards = [];
    for (let made = 0; made < perDay; made += BOARDS_PER_PANEL) {
      const line = (made / BOARDS_PER_PANEL) % this.lines;
      const lots = this.pastesOf(state, line, day);
      boards.push(...this.panel(lots, boardReels, chips + made));
    }
    const built = this.devices(day, boards, state, batteries, deviceReels);
    state.waiting.push(built);
    if (state.waiting.length > 5) this.ship(state.waiting.shift());
  }

  /** The pastes that a line works with; new ones when they are used up. */
  pastesOf(state, line, day) {
    let lots = state.lineLots[line];
    if (!lots || lots.panels === PANELS_PER_PASTE) {
      // The suspected lot is used through the two middle quarters of the time.
      const bad = day >= DAYS / 4 && day < (3 * DAYS) / 4 && this.isBad(state);
      const raw = bad ? state.bad : state.raws[state.raws.length - 1 - Math.floor(this.next() * 4)];
      const [a, b] = ['PASTE-A', 'PASTE-B'].map((code) => {
        const event = this.event('produce');
        const paste = this.unit(code, event);
        this.link(raw, paste, CONSUME, true, event);
        return paste;
      });
      if (!bad && day >= DAYS / 2) state.seeds.small ??= a;
      state.lineLots[line] = lots = { a, b, before: lots?.a ?? a, panels: 0 };
    }
    lots.panels++;
    return lots;
  }

  isBad(state) {
    state.badDue = (state.badDue ?? 0.5) + this.shape.bad * 2;
    if (state.badDue < 1) return false;
    state.badDue -= 1;
    return true;
  }

  panel({ a, b, before }, reels, chip) {
    const event = this.event('produce');
    const unsure = before !== a && this.next() < 0.03;
    const first = this.units.count;
    const taken = reels.length === 0 ? [] : this.pick(reels, this.shape.boardReels);
    for (let n = 0; n < BOARDS_PER_PANEL; n++) this.unit('BOARD', event);
    for (let board = first; board < this.units.count; board++) {
      this.link(a, board, CONSUME, !unsure, event);
      if (unsure) this.link(before, board, CONSUME, false, event);
      this.link(b, board, CONSUME, true, event);
      for (const reel of taken) this.link(reel, board, CONSUME, true, event);
      this.link(chip + board - first, board, INSTALL, true, event);
    }
    return Array.from({ length: BOARDS_PER_PANEL }, (_, n) => first + n);
  }

  /** Boards wait in a store of two days and are taken from anywhere in it. */
  devices(day, boards, { pool }, battery, reels) {
    const built = [];
    let event = -1;
    let taken = [];
    for (const fresh of boards) {
      pool.push(fresh);
      if (pool.length <= 2 * this.perDay) continue;
      const place = Math.floor(this.next() * pool.length);
      let board = pool[place];
      pool[place] = pool[pool.length - 1];
      pool.pop();
      if (built.length % BOARDS_PER_PANEL === 0) {
        event = this.event('produce');
        taken = reels.length === 0 ? [] : this.pick(reels, this.shape.deviceReels);
      }
      const donor = built.length > 20 && this.next() < 0.02 ? built[Math.floor(this.next() * built.length)] : -1;
      if (donor >= 0) {
        board = this.swapBoard(donor, board);
        event = this.event('produce');
      }
      const device = this.unit('DEVICE', event);
      this.linkOfDevice.set(device, this.link(board, device, INSTALL, true, event));
      if (battery >= 0) this.link(battery++, device, INSTALL, true, event);
      for (const reel of taken) this.link(reel, device, CONSUME, true, event);
      built.push(device);
    }
    return built;
  }

  /** A device gets another board; the one it had is free for the next. */
  swapBoard(device, board) {
    const old = this.linkOfDevice.get(device);
    this.links.endEvent[old] = this.event('remove');
    this.linkOfDevice.set(device, this.link(board, device, INSTALL, true, this.event('install')));
    return this.links.input[old];
  }

  ship(devices) {
    const { shipped } = this;
    for (let first = 0; first < devices.length; first += 50) {
      if ((first / 50) % 10 === 9) continue;
      const event = this.event('ship');
      for (const device of devices.slice(first, first + 50)) {
        shipped.unit[shipped.count] = device;
        shipped.event[shipped.count++] = event;
      }
    }
    for (const device of devices) this.linkOfDevice.delete(device);
  }

  /** What is ground again and again: each lot from two of the level before. */
  deep() {
    let level = this.lots('REGRIND', DEEP_WIDTH);
    const seed = level[0];
    for (let n = 1; n < DEEP_LEVELS; n++) {
      const event = this.event('produce');
      const next = level.map(() => this.unit('REGRIND', event));
      next.forEach((lot, i) => {
        this.link(level[i], lot, CONSUME, true, event);
        this.link(level[(i + 1) % DEEP_WIDTH], lot, CONSUME, true, event);
      });
      level = next;
    }
    return seed;
  }

  event(name) {
    const { events } = this;
    events.type[events.count] = type[name];
    events.at[events.count] = this.now += this.stepMs;
    return events.count++;
  }

  unit(code, event) {
    const { units } = this;
    units.item[units.count] = item[code];
    units.event[units.count] = event;
    return units.count++;
  }

  link(input, output, mode, certain, event) {
    const { links } = this;
    const n = links.count++;
    links.input[n] = input;
    links.output[n] = output;
    links.mode[n] = mode;
    links.certain[n] = certain ? 1 : 0;
    links.event[n] = event;
    return n;
  }

  lots(code, count) {
    return Array.from({ length: count }, () => this.unit(code, this.event('receive')));
  }

  /** Received serials, five hundred a delivery; the number of the first. */
  serials(code, count) {
    const first = this.units.count;
    for (let n = 0, event = -1; n < count; n++) {
      if (n % 500 === 0) event = this.event('receive');
      this.unit(code, event);
    }
    return first;
  }

  pick(from, count) {
    const left = [...from];
    return Array.from({ length: count }, () => left.splice(Math.floor(this.next() * left.length), 1)[0]);
  }

  done(seeds) {
    const { units, links, events, shipped } = this;
    const cut = (columns) =>
      Object.fromEntries(
        Object.entries(columns).map(([name, column]) => [
          name,
          typeof column === 'number' ? column : column.slice(0, columns.count),
        ]),
      );
    return {
      units: cut(units),
      links: cut(links),
      events: cut(events),
      shipped: cut(shipped),
      batches: Math.ceil(events.count / EVENTS_PER_BATCH),
      seeds,
    };
  }
}

/** The batch of an event, from 1. */
export const batchOf = (event) => 1 + Math.floor(event / EVENTS_PER_BATCH);

export const unitCode = (unit) => `U${String(unit).padStart(8, '0')}`;
export const placeOf = (event) => 1 + (event % PLACES);
export const shopOf = (event) => 1 + (event % SHOPS);
