// The steps of a draw as whoever replays it takes them: pool, exchange, alternates. Pure functions, no page.
"use strict";

const DrawSteps = (() => {
  const { Stream, require } = DrawReplay;
  const PANELS = 1000;
  const range = (length) => Array.from({ length }, (_, place) => place);
  const same = (a, b) => a.length === b.length && a.every((item, place) => item === b[place]);
  // The places of one panel, of exchanges of `each` against as many: the first half of them is of panel 0.
  const side = (all, each, panel) => all.filter((_, at) => Math.floor(at / each) % 2 === panel);
  const big = (number) => {
    require(typeof number === "bigint" || Number.isSafeInteger(number));
    return BigInt(number);
  };

  // --- The pool -----------------------------------------------------------------------------------------------------

  // People by their place in the pool. `known`: whether everybody's attributes are there.
  function readPool(document) {
    const { quotas, seats, rule } = document;
    const entries = document.pool;
    const ids = entries.map((entry) => entry.id);
    const place = new Map(ids.map((id, at) => [id, at]));
    require(place.size === ids.length);
    const others = (quota, key) =>
      quotas.reduce((sum, other) => sum + (other !== quota && other.feature === quota.feature ? other[key] : 0), 0);
    const low = quotas.map((quota) => Math.max(quota.min, seats - others(quota, "max")));
    const high = quotas.map((quota) => Math.min(quota.max, seats - others(quota, "min")));
    const exact = range(quotas.length).filter((quota) => low[quota] === high[quota]);
    const features = [...new Set(quotas.map((quota) => quota.feature))];
    const featureOf = quotas.map((quota) => features.indexOf(quota.feature));
    const sealed = entries.filter((entry) => "commitment" in entry).length;
    const numberOf = new Map(quotas.map((quota, at) => [JSON.stringify([quota.feature, quota.value]), at]));
    const countsFor = entries.map((entry) => {
      if (sealed) return [];
      require(same(Object.keys(entry.attributes).sort(), [...features].sort()));
      return features.map((feature) => {
        const quota = numberOf.get(JSON.stringify([feature, entry.attributes[feature]]));
        require(quota !== undefined);
        return quota;
      });
    });
    // Two kinds add up to the same as two others only where they meet the same exact quotas together.
    const base = exact.length > 33 ? 3n : 3;
    const zero = exact.length > 33 ? 0n : 0;
    const weight = new Map(exact.map((quota, rank) => [quota, base ** (exact.length > 33 ? BigInt(rank) : rank)]));
    const kind = countsFor.map((row) => row.reduce((sum, quota) => sum + (weight.get(quota) ?? zero), zero));
    const many = quotas.length > 33;
    const power = quotas.map((_, quota) => (many ? 3n ** BigInt(quota) : 3 ** quota));
    // The same of all quotas, exact or not.
    const sort = countsFor.map((row) => row.reduce((sum, quota) => sum + power[quota], many ? 0n : 0));
    const home = entries.map((entry) => (!sealed && rule.one_per_household && entry.household) || "");
    return { ids, place, seats, quotas, low, high, features, featureOf, sealed, known: !sealed, countsFor, kind, sort, home };
  }

  function numbersOf(pool, panel) {
    const numbers = new Array(pool.quotas.length).fill(0);
    for (const person of panel) for (const quota of pool.countsFor[person]) numbers[quota] += 1;
    return numbers;
  }

  function keeps(pool, panel) {
    const homes = [...panel].map((person) => pool.home[person]).filter(Boolean);
    return (
      panel.length === pool.seats &&
      new Set(panel).size === panel.length &&
      new Set(homes).size === homes.length &&
      numbersOf(pool, panel).every((number, quota) => pool.low[quota] <= number && number <= pool.high[quota])
    );
  }

  const places = (pool, panels) =>
    panels.map((panel) =>
      panel.map((id) => {
        const at = pool.place.get(id);
        require(at !== undefined);
        return at;
      }),
    );

  function ruleOf(pool, onePerHousehold) {
    const rounds = Math.min(100, Math.max(40, Math.floor(40_000 / pool.seats ** 2)));
    const trials = Math.ceil(Math.max(300_000, 8 * PANELS * pool.seats) / rounds);
    return { alternates: "rounds-by-seat", among: 40, rounds, trials, index: "digits-plus-digest", onePerHousehold };
  }

  // --- The exchange -------------------------------------------------------------------------------------------------

  class Exchange {
    constructor(pool, panels, told) {
      this.pool = pool;
      this.panels = panels.map((panel) => [...panel]);
      this.sits = panels.map((panel) => {
        const sits = new Uint8Array(pool.ids.length);
        for (const person of panel) sits[person] = 1;
        return sits;
      });
      this.numbers = panels.map((panel) => numbersOf(pool, panel));
      this.told = told;
      this.trials = 0;
      this.deals = 0;
    }

    // Pauses again and again, so that the page can live; what it yields is how far it is, from 0 to 1.
    *run(rule, digest) {
      const stream = new Stream(digest, "exchange");
      const order = range(this.panels.length);
      for (let round = 0; round < rule.rounds; round += 1) {
        for (let trial = 0; trial < rule.trials; trial += 1) {
          this.oneTrial(stream);
          if (trial % 2000 === 0) yield round / rule.rounds;
        }
        stream.shuffle(order);
        for (let at = 0; at + 1 < order.length; at += 2) {
          this.deal(order[at], order[at + 1], stream, rule.among);
          if (at % 20 === 0) yield round / rule.rounds;
        }
      }
      if (this.told) require(this.trials === this.told.trials.length && this.deals === this.told.deals.length);
      return this.panels;
    }

    oneTrial(stream) {
      const { pool, panels, sits } = this;
      const first = stream.below(panels.length * pool.seats);
      const second = stream.below(panels.length * pool.seats);
      const a = Math.floor(first / pool.seats);
      const b = Math.floor(second / pool.seats);
      const i = first % pool.seats;
      const j = second % pool.seats;
      const x = panels[a][i];
      const y = panels[b][j];
      if (a === b || sits[a][y] || sits[b][x]) return;
      let change;
      if (pool.known) {
        change = pool.kind[x] === pool.kind[y] && this.allowed(a, b, [x], [y]);
        if (this.told) require(this.told.trials[this.trials] === change);
      } else {
        require(this.trials < this.told.trials.length);
        change = this.told.trials[this.trials];
      }
      this.trials += 1;
      if (change) this.swap(a, b, i, j);
    }

    allowed(a, b, leave, enter) {
      const { low, high, countsFor } = this.pool;
      const change = new Map();
      const count = (people, by) => {
        for (const person of people) {
          for (const quota of countsFor[person]) change.set(quota, (change.get(quota) ?? 0) + by);
        }
      };
      count(enter, 1);
      count(leave, -1);
      for (const [quota, by] of change) {
        const inA = this.numbers[a][quota] + by;
        const inB = this.numbers[b][quota] - by;
        if (by && (inA < low[quota] || inA > high[quota] || inB < low[quota] || inB > high[quota])) return false;
      }
      return this.homesFit(a, leave, enter) && this.homesFit(b, enter, leave);
    }

    homesFit(panel, leave, enter) {
      const { home } = this.pool;
      if (!enter.some((person) => home[person])) return true;
      const taken = new Set(this.panels[panel].filter((person) => !leave.includes(person)).map((person) => home[person]));
      return !enter.some((person) => home[person] && taken.has(home[person]));
    }

    swap(a, b, i, j) {
      const { countsFor } = this.pool;
      const x = this.panels[a][i];
      const y = this.panels[b][j];
      for (const [panel, at, leaves, enters] of [[a, i, x, y], [b, j, y, x]]) {
        this.panels[panel][at] = enters;
        this.sits[panel][leaves] = 0;
        this.sits[panel][enters] = 1;
        for (const quota of countsFor[leaves]) this.numbers[panel][quota] -= 1;
        for (const quota of countsFor[enters]) this.numbers[panel][quota] += 1;
      }
    }

    deal(a, b, stream, among) {
      const of = (one, other) => range(this.pool.seats).filter((at) => !this.sits[other][this.panels[one][at]]);
      const ofA = of(a, b);
      const ofB = of(b, a);
      stream.shuffle(ofA);
      stream.shuffle(ofB);
      const told = this.told?.deals[this.deals];
      require(!this.told || told);
      this.deals += 1;
      if (!this.pool.known) {
        this.follow(a, b, ofA, ofB, among, told);
        return;
      }
      const twos = this.dealTwos(a, b, ofA.slice(0, among), ofB.slice(0, among));
      const left = (all, gone) => all.filter((at) => !gone.includes(at));
      const ones = this.dealOnes(a, b, left(ofA, side(twos, 2, 0)), left(ofB, side(twos, 2, 1)));
      if (told) require(same(told[0], twos) && same(told[1], ones));
    }

    dealOnes(a, b, ofA, ofB) {
      const { kind } = this.pool;
      const alike = new Map();
      const done = [];
      for (const j of ofB) {
        const key = kind[this.panels[b][j]];
        if (!alike.has(key)) alike.set(key, []);
        alike.get(key).push(j);
      }
      for (const i of ofA) {
        const j = alike.get(kind[this.panels[a][i]])?.pop();
        if (j !== undefined && this.allowed(a, b, [this.panels[a][i]], [this.panels[b][j]])) {
          this.swap(a, b, i, j);
          done.push(i, j);
        }
      }
      return done;
    }

    dealTwos(a, b, ofA, ofB) {
      const { sort } = this.pool;
      const kindsA = ofA.map((at) => sort[this.panels[a][at]]);
      const kindsB = ofB.map((at) => sort[this.panels[b][at]]);
      const first = new Map();
      for (let m = 0; m < kindsB.length; m += 1) {
        for (let n = 0; n < m; n += 1) {
          const sum = kindsB[m] + kindsB[n];
          const smaller = kindsB[m] < kindsB[n] ? kindsB[m] : kindsB[n];
          const pairs = first.get(sum);
          if (!pairs) first.set(sum, [[smaller, m, n]]);
          else if (pairs.length === 1 && pairs[0][0] !== smaller) pairs.push([smaller, m, n]);
        }
      }
      const done = [];
      const goneA = new Set();
      const goneB = new Set();
      for (let m = 0; m < kindsA.length; m += 1) {
        for (let n = 0; n < m; n += 1) {
          const smaller = kindsA[m] < kindsA[n] ? kindsA[m] : kindsA[n];
          const met = first.get(kindsA[m] + kindsA[n])?.find((pair) => pair[0] !== smaller)?.slice(1);
          if (!met || goneA.has(n) || goneB.has(met[0]) || goneB.has(met[1])) continue;
          const [i, k, j, l] = [ofA[m], ofA[n], ofB[met[0]], ofB[met[1]]];
          const leave = [this.panels[a][i], this.panels[a][k]];
          if (!this.allowed(a, b, leave, [this.panels[b][j], this.panels[b][l]])) continue;
          this.swap(a, b, i, j);
          this.swap(a, b, k, l);
          done.push(i, k, j, l);
          goneA.add(m).add(n);
          goneB.add(met[0]).add(met[1]);
          break;
        }
      }
      return done;
    }

    follow(a, b, ofA, ofB, among, [twos, ones]) {
      const chosenOf = (some, all) => new Set(some).size === some.length && some.every((at) => all.includes(at));
      const [twosA, twosB, onesA, onesB] = [side(twos, 2, 0), side(twos, 2, 1), side(ones, 1, 0), side(ones, 1, 1)];
      require(twos.length % 4 === 0 && chosenOf(twosA, ofA.slice(0, among)) && chosenOf(twosB, ofB.slice(0, among)));
      const left = (all, gone) => all.filter((at) => !gone.includes(at));
      const ranks = onesA.map((at) => ofA.indexOf(at));
      require(onesA.length === onesB.length && ranks.every((rank, at) => at === 0 || ranks[at - 1] < rank));
      require(chosenOf(onesA, left(ofA, twosA)) && chosenOf(onesB, left(ofB, twosB)));
      twosA.forEach((i, at) => this.swap(a, b, i, twosB[at]));
      onesA.forEach((i, at) => this.swap(a, b, i, onesB[at]));
    }
  }

  function readRecord(record) {
    const bytes = Uint8Array.from(atob(record.trials), (sign) => sign.charCodeAt(0));
    const bit = (at) => (bytes[at >> 3] >> (7 - (at & 7))) & 1;
    let signs = "";
    for (const byte of bytes) signs += String.fromCharCode(byte);
    require(bytes.length === Math.ceil(record.number / 8) && btoa(signs) === record.trials);
    for (let at = record.number; at < bytes.length * 8; at += 1) require(!bit(at));
    return { trials: range(record.number).map((at) => bit(at) === 1), deals: record.deals };
  }

  // --- Alternates ---------------------------------------------------------------------------------------------------

  function beaconOrder(pool, panel, digest, number) {
    const members = new Set(panel);
    const waiting = range(pool.ids.length).filter((person) => !members.has(person));
    new Stream(digest, `alternates/${number}`).shuffle(waiting);
    return waiting;
  }

  const WORD = 32;

  // For every quota, which seats somebody who counts for it could take as far as its feature goes: bits in words.
  function fitsOf(pool, panel) {
    const numbers = numbersOf(pool, panel);
    const fits = pool.quotas.map(() => new Int32Array(Math.ceil(panel.length / WORD)));
    panel.forEach((member, seat) => {
      for (const held of pool.countsFor[member]) {
        fits.forEach((bits, quota) => {
          if (pool.featureOf[quota] !== pool.featureOf[held]) return;
          const room = numbers[quota] < pool.high[quota] && numbers[held] > pool.low[held];
          if (quota === held || room) bits[seat >> 5] |= 1 << (seat & 31);
        });
      }
    });
    return fits;
  }

  // Which seats each of `waiting` could take, as bits in words; null for none.
  function seatsFor(pool, panel, waiting) {
    const fits = fitsOf(pool, panel);
    const homes = new Map();
    panel.forEach((member, seat) => {
      if (!pool.home[member]) return;
      const own = new Int32Array(fits[0].length);
      own[seat >> 5] = 1 << (seat & 31);
      homes.set(pool.home[member], own);
    });
    return waiting.map((person) => {
      const bits = (homes.get(pool.home[person]) ?? new Int32Array(fits[0].length).fill(-1)).slice();
      let any = 0;
      for (let word = 0; word < bits.length; word += 1) {
        for (const quota of pool.countsFor[person]) bits[word] &= fits[quota][word];
        any |= bits[word];
      }
      return any ? bits : null;
    });
  }

  function alternatesOf(pool, panel, digest, number) {
    const waiting = beaconOrder(pool, panel, digest, number);
    const could = seatsFor(pool, panel, waiting);
    let left = range(waiting.length).filter((rank) => could[rank]);
    const taken = [];
    while (left.length && taken.length < pool.seats) {
      const open = new Int32Array(Math.ceil(panel.length / WORD)).fill(-1);
      const passedOver = [];
      for (const rank of left) {
        if (taken.length < pool.seats && could[rank].some((bits, word) => bits & open[word])) {
          could[rank].forEach((bits, word) => {
            open[word] &= ~bits;
          });
          taken.push(rank);
        } else passedOver.push(rank);
      }
      left = passedOver;
    }
    return taken.sort((a, b) => a - b).map((rank) => pool.ids[waiting[rank]]);
  }

  return { Exchange, alternatesOf, beaconOrder, big, keeps, numbersOf, places, readPool, readRecord, ruleOf, same };
})();
