// The claims of a draw, checked one after the other: which are proved, which fail, which the file alone leaves open.
"use strict";

const DrawClaims = (() => {
  const { Decimal, Failed, Open, require } = DrawReplay;
  const { big, keeps, places, same } = DrawSteps;
  const PANELS = 1000;
  const FORMAT = "madang-draw/1";
  const FROZEN =
    "beacon certificate counts format frozen_at notice_hours panels pool probabilities quotas rule seats title".split(" ");
  const NEEDED = "beacon certificate format freeze panels pool probabilities quotas rule seats".split(" ");
  // Millionths of millionths: numbers have twelve places.
  const NEAR = 1_000_000n;
  const FARTHEST = 2_000_001_000n;
  const WHOLE = 10n ** 12n;
  const distance = (a, b) => (a > b ? a - b : b - a);

  class Draw {
    constructor(bytes) {
      this.bytes = bytes;
    }

    form() {
      ({ document: this.document, slices: this.slices } = DrawReplay.read(this.bytes));
    }

    shape() {
      const { document } = this;
      const has = (key) => key in document;
      require(document.format === FORMAT);
      const sealed = document.pool.some((entry) => "commitment" in entry);
      const needed = [...NEEDED];
      if (sealed) needed.push("counts");
      if ("at" in document.beacon) needed.push("frozen_at", "notice_hours");
      if (has("value")) needed.push("value", "drawn_from", "alternates", ...(sealed ? ["transcript", "drawn_counts"] : []));
      if (has("digits")) needed.push("value", "digits", "chosen", "panel");
      require(needed.every(has));
      const optional = ["alternates", "title", "frozen_at", "notice_hours"];
      require(Object.keys(document).every((key) => needed.includes(key) || optional.includes(key)));
      for (const key of ["panels", "drawn_from", "alternates", "counts", "drawn_counts"]) {
        if (has(key)) require(document[key].length === PANELS);
      }
      this.types();
      this.pool = DrawSteps.readPool(document);
      const named = Object.keys(document.probabilities);
      require(named.length === this.pool.ids.length && named.every((id) => this.pool.place.has(id)));
    }

    // What the steps below rely on: texts, whole numbers, and nobody with more or less than belongs to them.
    types() {
      const { document } = this;
      const isText = (text) => typeof text === "string";
      const isWhole = (number) => Number.isSafeInteger(number) && number >= 0;
      const isMapping = (thing) => thing !== null && typeof thing === "object" && !Array.isArray(thing);
      const optional = (key, fits) => require(!(key in document) || fits(document[key]));
      const isHash = (text) => isText(text) && /^[0-9a-f]{64}$/.test(text);
      const rowsOf = (fits) => (rows) => rows.every((row) => Array.isArray(row) && row.every(fits));
      require(isWhole(document.seats) && document.seats > 0 && isHash(document.freeze));
      for (const key of ["title", "frozen_at", "digits"]) optional(key, isText);
      for (const key of ["notice_hours", "chosen"]) optional(key, isWhole);
      for (const key of ["beacon", "certificate", "value"]) optional(key, isMapping);
      for (const key of ["panels", "drawn_from", "alternates"]) optional(key, rowsOf(isText));
      for (const key of ["counts", "drawn_counts"]) optional(key, rowsOf(isWhole));
      require(Array.isArray(document.quotas) && document.quotas.length > 0 && Array.isArray(document.pool));
      const named = new Set();
      for (const quota of document.quotas) {
        require(isMapping(quota) && Object.keys(quota).join() === "feature,max,min,value");
        require(isText(quota.feature) && isText(quota.value) && isWhole(quota.min) && isWhole(quota.max));
        named.add(JSON.stringify([quota.feature, quota.value]));
      }
      require(named.size === document.quotas.length);
      for (const entry of document.pool) {
        require(isMapping(entry) && isText(entry.id) && entry.id);
        const keys = Object.keys(entry).join();
        if ("commitment" in entry) require(keys === "commitment,id" && isHash(entry.commitment));
        else {
          require(keys === "attributes,id" || (keys === "attributes,household,id" && entry.household));
          require(isText(entry.household ?? ""));
          require(isMapping(entry.attributes) && Object.values(entry.attributes).every(isText));
        }
      }
    }

    freeze() {
      const frozen = FROZEN.filter((key) => this.slices.has(key)).map((key) => this.slices.get(key));
      const bytes = DrawReplay.utf8(`{${frozen.join(",")}}`);
      require(DrawReplay.hex(DrawReplay.hash(bytes)) === this.document.freeze);
    }

    rule() {
      const { rule } = this.document;
      const known = DrawSteps.ruleOf(this.pool, rule.one_per_household);
      require(typeof rule.one_per_household === "boolean");
      require(rule.alternates === known.alternates && rule.index === known.index);
      require(["among", "rounds", "trials"].every((key) => rule.exchange[key] === known[key]));
      require(Object.keys(rule).length === 4 && Object.keys(rule.exchange).length === 3);
    }

    openings() {
      throw new Open("withheld", { count: this.pool.sealed });
    }

    panels() {
      this.keep("panels", "counts");
    }

    drawn_panels() {
      this.keep("drawn_from", "drawn_counts");
    }

    keep(key, stated) {
      const { pool, document } = this;
      if (pool.known) {
        require(places(pool, document[key]).every((panel) => keeps(pool, panel)));
        return;
      }
      for (const numbers of document[stated]) {
        const sums = new Array(pool.features.length).fill(0);
        require(numbers.length === pool.quotas.length);
        numbers.forEach((number, quota) => {
          require(Number.isInteger(number) && pool.quotas[quota].min <= number && number <= pool.quotas[quota].max);
          sums[pool.featureOf[quota]] += number;
        });
        require(sums.every((sum) => sum === pool.seats));
      }
      throw new Open("stated_only");
    }

    shares() {
      const { probabilities, panels, seats, certificate } = this.document;
      const held = new Map();
      for (const panel of panels) for (const id of panel) held.set(id, (held.get(id) ?? 0) + 1);
      let sum = 0n;
      let farthest = 0n;
      for (const [id, chance] of Object.entries(probabilities)) {
        require(chance instanceof Decimal && chance.parts >= 0n && chance.parts <= WHOLE);
        sum += chance.parts;
        const away = distance(chance.parts, (BigInt(held.get(id) ?? 0) * WHOLE) / BigInt(PANELS));
        if (away > farthest) farthest = away;
      }
      require(distance(sum, BigInt(seats) * WHOLE) <= NEAR);
      const stated = certificate.frequencies;
      if (farthest > FARTHEST && stated?.within === false) {
        require(farthest <= stated.largest_difference.parts + NEAR);
        throw new Open("wide", { difference: stated.largest_difference.text });
      }
      require(farthest <= FARTHEST);
    }

    // Prices of seats, quotas and households prove that the smallest chance cannot be raised above the bound.
    certificate() {
      const { pool, document } = this;
      if (!pool.known) throw new Open("withheld");
      const { duals, upper_bound: upper, gap, minimum, certified } = document.certificate;
      const ofQuotas = duals.quotas.map(big);
      const homes = new Map();
      for (const [id, price] of Object.entries(duals.households ?? {})) {
        const home = pool.home[pool.place.get(id)];
        require(home && !homes.has(home) && big(price) >= 0n);
        homes.set(home, big(price));
      }
      require(ofQuotas.length === pool.quotas.length);
      let allowed = big(duals.seat) * BigInt(pool.seats);
      for (const price of homes.values()) allowed += price;
      ofQuotas.forEach((price, at) => {
        allowed += price * BigInt(price > 0n ? pool.quotas[at].max : pool.quotas[at].min);
      });
      let total = 0n;
      pool.countsFor.forEach((row, person) => {
        const cost = row.reduce((sum, quota) => sum + ofQuotas[quota], big(duals.seat) + (homes.get(pool.home[person]) ?? 0n));
        if (cost > 0n) total += cost;
        else allowed -= cost;
      });
      require(upper.parts >= WHOLE || (total > 0n && allowed * WHOLE <= upper.parts * total));
      const least = Object.values(document.probabilities).reduce((a, b) => (b.parts < a.parts ? b : a));
      require(distance(least.parts, minimum.parts) <= NEAR && gap.parts >= 0n);
      require(distance(upper.parts - least.parts, gap.parts) <= NEAR);
      const facts = { minimum: least.text, bound: upper.text };
      require(typeof certified === "boolean");
      if (!certified) throw new Open("not_certified", facts);
      require(gap.parts <= NEAR);
      return facts;
    }

    beacon() {
      DrawReplay.beaconTime(this.document.beacon);
      this.event = DrawReplay.beaconBytes(this.document.beacon, this.document.value);
    }

    notice() {
      const { beacon, frozen_at: frozen, notice_hours: hours } = this.document;
      require(DrawReplay.moment(frozen) + hours * 3600 <= DrawReplay.beaconTime(beacon));
      return { frozen_at: frozen, at: beacon.at };
    }

    genuine() {
      const { beacon, value } = this.document;
      if (beacon.kind !== "drand") throw new Open(`compare_${beacon.kind}`);
      require(this.event && DrawSignature.isSigned(beacon.round, value.signature));
    }

    digest() {
      const { freeze, value } = this.document;
      require(!value || this.event);
      const words = DrawReplay.hash(DrawReplay.joined(DrawReplay.fromHex(freeze), this.event ?? new Uint8Array()));
      const view = new DataView(new ArrayBuffer(32));
      words.forEach((word, at) => view.setUint32(at * 4, word));
      return new Uint8Array(view.buffer);
    }

    *exchange() {
      const { document, pool } = this;
      this.rule();
      const told = document.transcript ? DrawSteps.readRecord(document.transcript) : null;
      const replay = new DrawSteps.Exchange(pool, places(pool, document.panels), told);
      const panels = yield* replay.run(document.rule.exchange, this.digest());
      const drawn = places(pool, document.drawn_from);
      require(panels.every((panel, number) => same(panel, drawn[number])));
      if (!pool.known) throw new Open("acceptance_only_told");
      return undefined;
    }

    counts_kept() {
      const count = (panels) => {
        const counts = new Map();
        for (const panel of panels) for (const id of panel) counts.set(id, (counts.get(id) ?? 0) + 1);
        return counts;
      };
      const before = count(this.document.panels);
      const after = count(this.document.drawn_from);
      require(before.size === after.size && [...before].every(([id, number]) => after.get(id) === number));
    }

    *alternates() {
      const { document, pool } = this;
      const panels = places(pool, document.value ? document.drawn_from : document.panels);
      const digest = this.digest();
      for (let number = 0; number < PANELS; number += 1) {
        const named = document.alternates[number];
        if (pool.known) require(same(DrawSteps.alternatesOf(pool, panels[number], digest, number), named));
        else {
          const order = DrawSteps.beaconOrder(pool, panels[number], digest, number).map((person) => pool.ids[person]);
          const ranks = named.map((id) => order.indexOf(id));
          require(named.length <= pool.seats && !ranks.includes(-1));
          require(ranks.every((rank, at) => at === 0 || ranks[at - 1] < rank));
        }
        yield number / PANELS;
      }
      if (!pool.known) throw new Open("order_only");
    }

    choice() {
      const { digits, chosen, panel, drawn_from: drawn } = this.document;
      require(/^[0-9]{3}$/.test(digits));
      const rest = [...this.digest()].reduce((left, byte) => (left * 256 + byte) % PANELS, 0);
      require(chosen === (Number(digits) + rest) % PANELS && same(panel, drawn[chosen]));
      return { digits, chosen };
    }
  }

  // What is checked, in order, and the key that it speaks of.
  const CLAIMS = [
    ["form"], ["shape"], ["freeze"], ["rule"], ["openings", "counts"], ["panels"], ["shares"], ["certificate"],
    ["beacon", "value"], ["notice", "frozen_at"], ["genuine", "value"], ["exchange", "value"], ["counts_kept", "value"],
    ["drawn_panels", "value"], ["alternates", "alternates"], ["choice", "digits"],
  ];

  // Yields {code, progress} while it works and {code, verdict, reason, facts} when a claim is settled.
  function* verify(bytes) {
    const draw = new Draw(bytes);
    for (const [code, key] of CLAIMS) {
      if (key && !(key in draw.document)) continue;
      const claim = { code, verdict: "proved", reason: "", facts: {} };
      try {
        yield { code, progress: 0 };
        let facts = draw[code]();
        if (typeof facts?.next === "function") {
          for (let step = facts.next(); ; step = facts.next()) {
            if (step.done) {
              facts = step.value;
              break;
            }
            yield { code, progress: step.value };
          }
        }
        claim.facts = facts ?? {};
      } catch (error) {
        if (error instanceof Open) Object.assign(claim, { verdict: "open", reason: error.reason, facts: error.facts });
        else Object.assign(claim, { verdict: "failed", reason: error instanceof Failed ? code : "broken" });
      }
      yield claim;
      if (claim.verdict === "failed" && (code === "form" || code === "shape")) return;
    }
  }

  return { CLAIMS, verify };
})();
