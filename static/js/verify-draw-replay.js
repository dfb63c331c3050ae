// Replays a public draw from its file, as docs/draw-format.md describes it: pure functions, no page, no network.
// Nothing of it is shared with the programme that made the draw.
"use strict";

const DrawReplay = (() => {
  class Failed extends Error {}
  // A claim that the file alone cannot prove, with the code of the reason.
  class Open extends Error {
    constructor(reason, facts = {}) {
      super(reason);
      this.reason = reason;
      this.facts = facts;
    }
  }
  const require = (condition) => {
    if (!condition) throw new Failed();
  };

  // --- SHA-256, because the browser's own answers later and the replay asks a hundred thousand times --------------

  const PRIMES = [];
  for (let n = 2; PRIMES.length < 64; n += 1) if (PRIMES.every((prime) => n % prime)) PRIMES.push(n);
  const fraction = (root) => ((root - Math.floor(root)) * 2 ** 32) >>> 0;
  const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  const ROUND = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
  const schedule = new Int32Array(64);

  function mix(state, view, offset) {
    const w = schedule;
    for (let t = 0; t < 16; t += 1) w[t] = view.getInt32(offset + t * 4);
    for (let t = 16; t < 64; t += 1) {
      const x = w[t - 15];
      const y = w[t - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let t = 0; t < 64; t += 1) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const one = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[t] + w[t]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, place) => {
      state[place] = (state[place] + word) | 0;
    });
  }

  // The eight words of the SHA-256 of these bytes.
  function hash(bytes) {
    const padded = new Uint8Array((((bytes.length + 8) >> 6) + 1) * 64);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29));
    view.setUint32(padded.length - 4, bytes.length * 8);
    const state = Int32Array.from(START);
    for (let offset = 0; offset < padded.length; offset += 64) mix(state, view, offset);
    return Uint32Array.from(state, (word) => word >>> 0);
  }

  const hex = (words) => Array.from(words, (word) => word.toString(16).padStart(8, "0")).join("");
  const utf8 = (text) => new TextEncoder().encode(text);
  const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

  function joined(...parts) {
    const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  // --- Reading the one form that a document can have ----------------------------------------------------------------

  // A number with twelve places; `parts` is how many millionths of millionths.
  class Decimal {
    constructor(text) {
      this.text = text;
      this.parts = BigInt(text.replace(".", ""));
    }
  }

  const PLAIN = /[^"\\\u0000-\u001f]*/y;
  const ESCAPE = /\\(?:["\\bfnrt]|u00(?:0[0-7be-f]|1[0-9a-f]))/y;
  const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]{12})?/y;

  function isBefore(a, b) {
    for (let at = 0; at < a.length && at < b.length; at += 1) {
      const x = a.codePointAt(at);
      const y = b.codePointAt(at);
      if (x !== y) return x < y;
    }
    return a.length < b.length;
  }

  // {document, slices}: what the bytes say, and the text of each key of the whole. Throws where one byte is not canonical.
  function read(bytes) {
    const source = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    require(source.endsWith("\n") && source.normalize("NFC") === source);
    let at = 0;
    const slices = new Map();
    const take = (pattern) => {
      pattern.lastIndex = at;
      const found = pattern.exec(source);
      require(found);
      at = pattern.lastIndex;
      return found;
    };
    const expect = (sign) => {
      require(source.startsWith(sign, at));
      at += sign.length;
    };
    const text = () => {
      const from = at;
      expect('"');
      for (take(PLAIN); source[at] === "\\"; take(PLAIN)) take(ESCAPE);
      expect('"');
      return JSON.parse(source.slice(from, at));
    };
    const list = (close, item) => {
      at += 1;
      if (source[at] === close) {
        at += 1;
        return;
      }
      for (;;) {
        item();
        if (source[at] !== ",") break;
        at += 1;
      }
      expect(close);
    };
    const value = (depth) => {
      require(depth < 40);
      if (source[at] === '"') return text();
      if (source[at] === "[") {
        const items = [];
        list("]", () => items.push(value(depth + 1)));
        return items;
      }
      if (source[at] === "{") {
        const entries = new Map();
        let last = null;
        list("}", () => {
          const from = at;
          const key = text();
          require(last === null || isBefore(last, key));
          last = key;
          expect(":");
          entries.set(key, value(depth + 1));
          if (depth === 0) slices.set(key, source.slice(from, at));
        });
        return Object.assign(Object.create(null), Object.fromEntries(entries));
      }
      for (const [word, meaning] of [["true", true], ["false", false], ["null", null]]) {
        if (source.startsWith(word, at)) {
          at += word.length;
          return meaning;
        }
      }
      const [number, places] = take(NUMBER);
      const digits = number.replace(/[-.]/g, "").replace(/^0+/, "").length;
      require(number !== "-0" && digits <= (places ? 28 : 4300));
      if (places) return new Decimal(number);
      return Number.isSafeInteger(Number(number)) ? Number(number) : BigInt(number);
    };
    const document = value(0);
    expect("\n");
    require(at === source.length);
    return { document, slices };
  }

  // --- Chance that everybody can work out ---------------------------------------------------------------------------

  class Stream {
    constructor(digest, name) {
      this.bytes = joined(digest, utf8(name), new Uint8Array(9));
      this.counter = new DataView(this.bytes.buffer, this.bytes.length - 8);
      this.block = 0;
      this.words = [];
      this.at = 8;
    }

    below(n) {
      const limit = 2 ** 32 - (2 ** 32 % n);
      for (;;) {
        if (this.at === 8) {
          this.counter.setUint32(0, Math.floor(this.block / 2 ** 32));
          this.counter.setUint32(4, this.block);
          this.words = hash(this.bytes);
          this.block += 1;
          this.at = 0;
        }
        const word = this.words[this.at];
        this.at += 1;
        if (word < limit) return word % n;
      }
    }

    shuffle(items) {
      for (let place = items.length - 1; place > 0; place -= 1) {
        const other = this.below(place + 1);
        [items[place], items[other]] = [items[other], items[place]];
      }
    }
  }

  // --- Beacons ------------------------------------------------------------------------------------------------------

  const DRAND = {
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971": [1692803367, 3],
  };
  const FIRST_LOTTO = Date.UTC(2002, 11, 7, 11, 35) / 1000;
  const WEEK = 7 * 24 * 3600;

  const KOREA = 9 * 3600;
  const isWhole = (number, least, most) => Number.isInteger(number) && number >= least && number <= most;

  // A moment as documents write it, Korean time and whole seconds, in seconds since 1970.
  function moment(text) {
    require(typeof text === "string" && /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\+09:00$/.test(text));
    const seconds = Date.parse(text) / 1000;
    require(Number.isInteger(seconds));
    // No 30th of February and no 24 o’clock, which some browsers read as the day after.
    require(`${new Date((seconds + KOREA) * 1000).toISOString().slice(0, 19)}+09:00` === text);
    return seconds;
  }

  // When the public event happens, in seconds since 1970; null for a seed.
  function beaconTime(beacon) {
    const keys = Object.keys(beacon).join();
    if (beacon.kind === "seed") {
      require(keys === "kind");
      return null;
    }
    const stated = moment(beacon.at);
    if (beacon.kind === "lotto") {
      require(keys === "at,kind,number" && isWhole(beacon.number, 1, 100_000));
      require(stated === FIRST_LOTTO + (beacon.number - 1) * WEEK);
    } else if (beacon.kind === "drand") {
      require(keys === "at,chain,kind,round" && isWhole(beacon.round, 1, 10 ** 11));
      const [genesis, period] = DRAND[beacon.chain];
      require(stated === genesis + (beacon.round - 1) * period);
    } else require(beacon.kind === "balls" && keys === "at,count,kind" && isWhole(beacon.count, 6, 40));
    return stated;
  }

  function beaconBytes(beacon, value) {
    const keys = Object.keys(value).join();
    const is = (pattern, text) => typeof text === "string" && pattern.test(text);
    if (beacon.kind === "lotto") {
      require(keys === "bonus,numbers" && value.numbers.length === 6);
      const every = [...value.numbers, value.bonus];
      require(new Set(every).size === 7 && every.every((n) => Number.isInteger(n) && n >= 1 && n <= 45));
      require(value.numbers.every((n, place) => place === 0 || value.numbers[place - 1] < n));
      return utf8(`lotto:${beacon.number}:${value.numbers.join()}+${value.bonus}`);
    }
    if (beacon.kind === "drand") {
      require(keys === "signature" && is(/^[0-9a-f]{96}$/, value.signature));
      return utf8(`drand:${beacon.chain}:${beacon.round}:${hex(hash(fromHex(value.signature)))}`);
    }
    if (beacon.kind === "balls") {
      require(keys === "digits" && is(/^[0-9]+$/, value.digits) && value.digits.length === beacon.count);
      return utf8(`balls:${value.digits}`);
    }
    require(keys === "seed" && is(/^(?:[0-9a-f]{2}){1,1024}$/, value.seed));
    return fromHex(value.seed);
  }

  const reading = { Decimal, Failed, Open, beaconBytes, beaconTime, moment, read, require };
  return { ...reading, Stream, fromHex, hash, hex, joined, utf8 };
})();
