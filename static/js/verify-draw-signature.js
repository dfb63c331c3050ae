// The signature of a drand round, checked against the key of the network. Pure functions, no page, no network.
// BLS over BLS12-381, keys in G2, signatures in G1 (drand's scheme bls-unchained-g1-rfc9380), from RFC 9380 and the
// drafts on pairing-friendly curves and on BLS signatures. Points are [x, y], or null for infinity.
"use strict";

const DrawSignature = (() => {
  const { fromHex, hash, hex, joined, require, utf8 } = DrawReplay;
  const P = 0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn;
  const R = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;
  const X = 0xd201000000010000n;
  // The last sign is the length of the others as a byte.
  const TAG = utf8("BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_+");
  // y² = x³ + A·x + B is what hashes fall on. KERNEL and SCALE make the map of degree 11 from there to y² = x³ + 4.
  const A = 0x144698a3b8e9433d693a02c96d4982b0ea985383ee66a8d8e8981aefd881ac98936f8da0e0f97f5cf428082d584c1dn;
  const B = 0x12e2908d11688030018b12e8753eee3b2016c1f0f24f4070a0b9c14fcef35ef55a23215a316ceaa5d1cc48e98e172be0n;
  const KERNEL = [
    0x133341fb0962a34cb0504a9c4fada0a5090d38679b4c040d5d1c3afb023a3409fcc0815fea66d8b02bbef9c8b5a66e07n,
    0x264908af037bcede00d054cf5d4775e83eb6cf63c76b969f8ed174fb59fcff78d201f46f6cfc4ed6552e59ce75177b0n,
    0x1335c502c1f54c49aceea65e87fd7203ba0f626f305fc0cfd606a5dae9f3c8e81a4b3b69600129fabd307c69bf319d39n,
    0x94440f65f408a6e930e16e3e92dd17bf60d6e9679a8d3d58593de55ac23703042d609537eb3549aac234d896ca82944n,
    0x4afe09d5cf4956a23b6b71f59d2b3407b415a774b7be81bbb6fa99cbc798e0ac98ba725a5bc328016b1c268b4766e85n,
    1n,
  ];
  const SCALE = 0x17a3e1bda8a2d1a38a19241a0ea1e2f25b552d6197903f96bae690ef6be6b1381be22e8a72a9745cd7a1ffffffffb26dn;
  // Points of G2 with numbers a + b·u, u² = -1, as [a, b]: minus the generator, and the public key of drand's quicknet.
  const MINUS_GENERATOR = [
    [
      0x24aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8n,
      0x13e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7en,
    ],
    [
      P - 0xce5d527727d6e118cc9cdc6da2e351aadfd9baa8cbdd3a76d429a695160d12c923ac9cc3baca289e193548608b82801n,
      P - 0x606c4a02ea734cc32acd2b02bc28b99cb3e287e85a763af267492ab572e99ab3f370d275cec1da1aaa9075ff05f79ben,
    ],
  ];
  const QUICKNET_KEY = [
    [
      0xd1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45an,
      0x3cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451n,
    ],
    [
      0xe5db2b6bfbb01c867749cadffca88b36c24f3012ba09fc4d3022c5c37dce0f977d3adb5d183c7477c442b1f04515273n,
      0x1a714f2edb74119a2f2b0d5a7c75ba902d163700a61bc224ededd8e63aef7be1aaf8e93d7a9718b047ccddb3eb5d68bn,
    ],
  ];
  // w^(P² - 1), which is a sixth root of one.
  const SIXTH_ROOT = 0x5f19672fdf76ce51ba69c6076a0f77eaddb3a93be6f89688de17d813620a00022e01fffffffeffffn;

  const mod = (number) => ((number % P) + P) % P;
  const bits = (number) => [...number.toString(2)].map(Number);
  const asNumber = (bytes) => BigInt(`0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`);

  function power(base, exponent) {
    let result = 1n;
    for (const bit of bits(exponent)) {
      result = (result * result) % P;
      if (bit) result = (result * base) % P;
    }
    return result;
  }

  function inverse(number) {
    let [a, b, x, y] = [mod(number), P, 1n, 0n];
    require(a);
    while (a) {
      const whole = b / a;
      [a, b, x, y] = [b - whole * a, a, y - whole * x, x];
    }
    return mod(y);
  }

  function root(square) {
    const found = power(mod(square), (P + 1n) / 4n);
    return mod(found * found - square) ? null : found;
  }

  // --- Points of G1 -------------------------------------------------------------------------------------------------

  function signaturePoint(bytes) {
    const flags = bytes[0] >> 5;
    const x = asNumber(bytes) % 2n ** 381n;
    const y = root(x ** 3n + 4n);
    if ((flags !== 4 && flags !== 5) || x >= P || y === null) return null;
    return [x, 2n * y > P === (flags === 5) ? y : P - y];
  }

  // The sum of points of y² = x³ + a·x + b.
  function plus(one, other, a) {
    if (!one || !other) return one ?? other;
    const [[x1, y1], [x2, y2]] = [one, other];
    if (x1 === x2 && !mod(y1 + y2)) return null;
    const slope = x1 === x2 ? (3n * x1 * x1 + a) * inverse(2n * y1) : (y2 - y1) * inverse(x2 - x1);
    const x = mod(slope * slope - x1 - x2);
    return [x, mod(slope * (x1 - x) - y1)];
  }

  function times(point, number) {
    let total = null;
    for (const bit of bits(number)) {
      total = plus(total, total, 0n);
      if (bit) total = plus(total, point, 0n);
    }
    return total;
  }

  // --- From bytes to a point ----------------------------------------------------------------------------------------

  const hashed = (...parts) => fromHex(hex(hash(joined(...parts))));

  function hashedPoint(message) {
    const first = hashed(new Uint8Array(64), message, Uint8Array.of(0, 128, 0), TAG);
    const blocks = [new Uint8Array(32)];
    for (let number = 1; number <= 4; number += 1) {
      const last = blocks[number - 1];
      blocks.push(hashed(first.map((byte, at) => byte ^ last[at]), Uint8Array.of(number), TAG));
    }
    const [one, other] = [1, 3].map((at) => onHashedCurve(mod(asNumber(joined(blocks[at], blocks[at + 1])))));
    return times(mapped(plus(one, other, A)), X + 1n);
  }

  function onHashedCurve(u) {
    const zu = mod(11n * u * u);
    const curve = (x) => root(x ** 3n + A * x + B);
    let x = mod(-B * inverse(A) * (1n + inverse(zu * zu + zu)));
    let y = curve(x);
    if (y === null) {
      x = mod(zu * x);
      y = curve(x);
    }
    return [x, (y - u) % 2n ? P - y : y];
  }

  // The map of degree 11 from its kernel (formula of Vélu and Kohel).
  function mapped([x, y]) {
    const values = [];
    let polynomial = KERNEL;
    for (let derivative = 0; derivative < 4; derivative += 1) {
      values.push(polynomial.reduceRight((sum, factor) => mod(sum * x + factor), 0n));
      polynomial = polynomial.map((factor, at) => factor * BigInt(at)).slice(1);
    }
    const one = inverse(values[0]);
    const [first, second, third] = values.slice(1).map((value) => mod(value * one));
    const rate = second - first ** 2n;
    const bend = third - 3n * first * second + 2n * first ** 3n;
    const cubic = x ** 3n + A * x + B;
    const slope = 3n * x * x + A;
    const image = 11n * x + 2n * KERNEL[4] - 2n * slope * first - 4n * cubic * rate;
    const stretch = 11n - 12n * x * first - 6n * slope * rate - 4n * cubic * bend;
    return [mod(image * SCALE ** 2n), mod(y * stretch * SCALE ** 3n)];
  }

  // --- The pairing --------------------------------------------------------------------------------------------------
  // Its values are polynomials in w of degree 11 with w¹² = 2·w⁶ - 2; u is w⁶ - 1.

  const ONE = [1n, ...new Array(11).fill(0n)];

  function product(one, other) {
    const found = new Array(23).fill(0n);
    one.forEach((a, i) => {
      if (a) other.forEach((b, j) => { found[i + j] += a * b; });
    });
    for (let at = 22; at > 11; at -= 1) {
      found[at - 6] += 2n * found[at];
      found[at - 12] -= 2n * found[at];
    }
    return found.slice(0, 12).map(mod);
  }

  const times2 = ([a, b], [c, d]) => [mod(a * c - b * d), mod(a * d + b * c)];
  const minus2 = ([a, b], [c, d]) => [a - c, b - d];

  // The line through two points of G2, or the tangent, at `point`; and their sum.
  function lineAndSum([x1, y1], [x2, y2], point) {
    const isTangent = x1[0] === x2[0] && x1[1] === x2[1];
    const up = isTangent ? times2(x1, x1).map((part) => 3n * part) : minus2(y2, y1);
    const across = isTangent ? y1.map((part) => 2n * part) : minus2(x2, x1);
    const norm = inverse(across[0] ** 2n + across[1] ** 2n);
    const slope = times2(up, [across[0] * norm, -across[1] * norm]);
    const x = minus2(minus2(times2(slope, slope), x1), x2).map(mod);
    const y = minus2(times2(slope, minus2(x1, x)), y1).map(mod);
    const [c0, c1] = minus2(times2(slope, x1), y1);
    const [s0, s1] = slope.map((part) => -part * point[0]);
    return [[c0 - c1, 0n, s0 - s1, point[1], 0n, 0n, c1, 0n, s1, 0n, 0n, 0n], [x, y]];
  }

  function pairingsGiveOne(pairs) {
    let value = ONE;
    const at = pairs.map(([, q]) => q);
    const take = (place, other) => {
      const [line, sum] = lineAndSum(at[place], other, pairs[place][0]);
      value = product(value, line);
      at[place] = sum;
    };
    for (const bit of bits(X).slice(1)) {
      value = product(value, value);
      pairs.forEach(([, q], place) => {
        take(place, at[place]);
        if (bit) take(place, q);
      });
    }
    // (P¹² - 1) / R in three steps; the last, P⁶ - 1, leaves 1 of whatever has no odd power of w.
    const turned = value.map((factor, at) => mod(factor * power(SIXTH_ROOT, BigInt(at))));
    value = product(value, turned);
    let result = ONE;
    for (const bit of bits((P ** 4n - P ** 2n + 1n) / R)) {
      result = product(result, result);
      if (bit) result = product(result, value);
    }
    return result.some(Boolean) && result.every((factor, at) => at % 2 === 0 || !factor);
  }

  // Whether the network signed this round so; `signature` is hexadecimal.
  function isSigned(round, signature) {
    const point = signaturePoint(fromHex(signature));
    if (!point || times(point, R)) return false;
    const message = new DataView(new ArrayBuffer(8));
    message.setBigUint64(0, BigInt(round));
    const digest = hashed(new Uint8Array(message.buffer));
    return pairingsGiveOne([[point, MINUS_GENERATOR], [hashedPoint(digest), QUICKNET_KEY]]);
  }

  return { isSigned };
})();
