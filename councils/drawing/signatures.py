"""The signature of a drand round, checked against the network's public key: nobody else can have made it. Pure.

BLS over the curve BLS12-381, keys in G2 and signatures in G1 (drand's scheme `bls-unchained-g1-rfc9380`): a signature
of a round is genuine where e(signature, -generator) · e(hash of the round, public key) = 1. Whole numbers only; it
takes some tenths of a second. Nothing here is secret, so nothing has to take the same time for all numbers.

Sources: RFC 9380 (hash to curve, suite BLS12381G1_XMD:SHA-256_SSWU_RO_), draft-irtf-cfrg-pairing-friendly-curves (the
curve, points in bytes), draft-irtf-cfrg-bls-signature. Why no library: docs/decisions/0022.
"""

import hashlib

# The curve: y² = x³ + 4 over the numbers modulo PRIME; ORDER points of it are G1. TRACE is the curve's parameter |x|.
PRIME = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB
ORDER = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
TRACE = 0xD201000000010000
CURVE_B = 4
POINT_BYTES = 48
TAG = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
# The curve that hashes fall on, y² = x³ + A·x + B (RFC 9380, 8.8.1), and the map of degree 11 from it to ours: the
# polynomial of the x of its kernel (lowest power first), and the scale. Its square is in appendix E.2.
HASHED_A = 0x144698A3B8E9433D693A02C96D4982B0EA985383EE66A8D8E8981AEFD881AC98936F8DA0E0F97F5CF428082D584C1D
HASHED_B = 0x12E2908D11688030018B12E8753EEE3B2016C1F0F24F4070A0B9C14FCEF35EF55A23215A316CEAA5D1CC48E98E172BE0
HASHED_Z = 11
KERNEL = (
    0x133341FB0962A34CB0504A9C4FADA0A5090D38679B4C040D5D1C3AFB023A3409FCC0815FEA66D8B02BBEF9C8B5A66E07,
    0x264908AF037BCEDE00D054CF5D4775E83EB6CF63C76B969F8ED174FB59FCFF78D201F46F6CFC4ED6552E59CE75177B0,
    0x1335C502C1F54C49ACEEA65E87FD7203BA0F626F305FC0CFD606A5DAE9F3C8E81A4B3B69600129FABD307C69BF319D39,
    0x94440F65F408A6E930E16E3E92DD17BF60D6E9679A8D3D58593DE55AC23703042D609537EB3549AAC234D896CA82944,
    0x4AFE09D5CF4956A23B6B71F59D2B3407B415A774B7BE81BBB6FA99CBC798E0AC98BA725A5BC328016B1C268B4766E85,
    1,
)
SCALE = 0x17A3E1BDA8A2D1A38A19241A0EA1E2F25B552D6197903F96BAE690EF6BE6B1381BE22E8A72A9745CD7A1FFFFFFFFB26D

Point = tuple[int, int] | None  # of G1; None is the point at infinity
Pair = tuple[int, int]  # a + b·u with u² = -1
Point2 = tuple[Pair, Pair]  # of the curve of G2: y² = x³ + 4·(1 + u)

GENERATOR_2: Point2 = (
    (
        0x024AA2B2F08F0A91260805272DC51051C6E47AD4FA403B02B4510B647AE3D1770BAC0326A805BBEFD48056C8C121BDB8,
        0x13E02B6052719F607DACD3A088274F65596BD0D09920B61AB5DA61BBDC7F5049334CF11213945D57E5AC7D055D042B7E,
    ),
    (
        0x0CE5D527727D6E118CC9CDC6DA2E351AADFD9BAA8CBDD3A76D429A695160D12C923AC9CC3BACA289E193548608B82801,
        0x0606C4A02EA734CC32ACD2B02BC28B99CB3E287E85A763AF267492AB572E99AB3F370D275CEC1DA1AAA9075FF05F79BE,
    ),
)


class NoPointError(ValueError):
    """Bytes that are no point of the curve as it is written down."""


def is_signed(number: int, signature: bytes, public_key: bytes) -> bool:
    """Whether `signature` (48 bytes) of round `number` is that of the network with `public_key` (96 bytes)."""
    try:
        point = read_point(signature)
        key = read_point_2(public_key)
    except NoPointError:
        return False
    message = hash_to_curve(hashlib.sha256(number.to_bytes(8, "big")).digest())
    if point is None or message is None or multiply(point, ORDER) is not None:
        return False
    x, (y0, y1) = GENERATOR_2
    return is_one_together([(point, (x, (-y0 % PRIME, -y1 % PRIME))), (message, key)])


# --- Points of G1 ----------------------------------------------------------------------------------------------------


def _root(square: int) -> int | None:
    root = pow(square, (PRIME + 1) // 4, PRIME)
    return root if root * root % PRIME == square % PRIME else None


def read_point(data: bytes) -> Point:
    """A point from its 48 bytes: three flags, then x. Raises NoPointError for infinity and for what is none."""
    flags, x = data[0] >> 5 if data else 0, int.from_bytes(data, "big") & ((1 << 381) - 1)
    root = _root(x**3 + CURVE_B)
    if len(data) != POINT_BYTES or flags not in {0b100, 0b101} or x >= PRIME or root is None:
        raise NoPointError
    return x, root if (root > PRIME // 2) == (flags == 0b101) else PRIME - root


def add(one: Point, other: Point, a: int = 0) -> Point:
    """The sum of two points of y² = x³ + a·x + b, whatever b."""
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 != x2:
        slope = (y2 - y1) * pow(x2 - x1, -1, PRIME)
    elif (y1 + y2) % PRIME:
        slope = (3 * x1 * x1 + a) * pow(2 * y1, -1, PRIME)
    else:
        return None
    x = (slope * slope - x1 - x2) % PRIME
    return x, (slope * (x1 - x) - y1) % PRIME


def multiply(point: Point, times: int) -> Point:
    """`point` added to itself so many times."""
    total: Point = None
    for bit in f"{times:b}":
        total = add(total, total)
        if bit == "1":
            total = add(total, point)
    return total


# --- From bytes to a point (RFC 9380) --------------------------------------------------------------------------------


def _expanded(message: bytes, length: int, tag: bytes) -> bytes:
    """`length` bytes that look like chance (5.3.1)."""
    tag += bytes([len(tag)])
    first = hashlib.sha256(bytes(64) + message + length.to_bytes(2, "big") + b"\0" + tag).digest()
    block, blocks = bytes(32), b""
    for number in range(1, length // 32 + 1):
        mixed = bytes(a ^ b for a, b in zip(first, block, strict=True))
        block = hashlib.sha256(mixed + bytes([number]) + tag).digest()
        blocks += block
    return blocks


def _on_hashed_curve(u: int) -> Point:
    """The point of the hashed curve that the number `u` stands for (6.6.2)."""
    zu = HASHED_Z * u * u
    part = (zu * zu + zu) % PRIME
    if part:
        x = -HASHED_B * (1 + pow(part, -1, PRIME)) * pow(HASHED_A, -1, PRIME) % PRIME
    else:
        x = HASHED_B * pow(HASHED_Z * HASHED_A, -1, PRIME) % PRIME
    y = _root(x**3 + HASHED_A * x + HASHED_B)
    if y is None:
        x = zu * x % PRIME
        y = _root(x**3 + HASHED_A * x + HASHED_B) or 0
    return x, y if y % 2 == u % 2 else -y % PRIME


def _to_our_curve(point: Point) -> Point:
    """The map of degree 11 from the hashed curve to ours, from its kernel by the formula of Vélu and Kohel."""
    if point is None:
        return None
    x, y = point
    polynomial, values = list(KERNEL), []
    for _derivative in range(4):
        values.append(sum(factor * pow(x, power, PRIME) for power, factor in enumerate(polynomial)) % PRIME)
        polynomial = [power * factor for power, factor in enumerate(polynomial)][1:]
    if not values[0]:
        return None
    first, second, third = (value * pow(values[0], -1, PRIME) % PRIME for value in values[1:])
    rate = second - first * first
    bend = third - 3 * first * second + 2 * first**3
    cubic, slope = x**3 + HASHED_A * x + HASHED_B, 3 * x * x + HASHED_A
    new_x = 11 * x + 2 * KERNEL[4] - 2 * slope * first - 4 * cubic * rate
    stretch = 11 - 12 * x * first - 6 * slope * rate - 4 * cubic * bend
    return new_x * SCALE**2 % PRIME, y * stretch * SCALE**3 % PRIME


def hash_to_curve(message: bytes, tag: bytes = TAG) -> Point:
    """The point of G1 that stands for `message`; nobody knows how many times the generator it is."""
    data = _expanded(message, 128, tag)
    one, other = (int.from_bytes(data[at : at + 64], "big") % PRIME for at in (0, 64))
    point = add(_on_hashed_curve(one), _on_hashed_curve(other), HASHED_A)
    return multiply(_to_our_curve(point), TRACE + 1)


# --- Points of G2 ----------------------------------------------------------------------------------------------------


def _times_2(one: Pair, other: Pair) -> Pair:
    (a, b), (c, d) = one, other
    return (a * c - b * d) % PRIME, (a * d + b * c) % PRIME


def _inverse_2(pair: Pair) -> Pair:
    a, b = pair
    norm = pow(a * a + b * b, -1, PRIME)
    return a * norm % PRIME, -b * norm % PRIME


def _root_2(pair: Pair) -> Pair | None:
    """A root of a + b·u: of its norm first, then of its real part; None where there is none."""
    a, b = pair
    norm = _root(a * a + b * b)
    for sign in (1, -1):
        real = _root((a + sign * (norm or 0)) * pow(2, -1, PRIME))
        if norm is not None and real:
            root = real, b * pow(2 * real, -1, PRIME) % PRIME
            if _times_2(root, root) == (a % PRIME, b % PRIME):
                return root
    return None


def read_point_2(data: bytes) -> Point2:
    """A point of G2 from its 96 bytes: three flags, then both parts of x, that of u first. Raises NoPointError."""
    flags, b = data[0] >> 5 if data else 0, int.from_bytes(data[:POINT_BYTES], "big") & ((1 << 381) - 1)
    a = int.from_bytes(data[POINT_BYTES:], "big")
    x = a, b
    real, imaginary = _times_2(_times_2(x, x), x)
    y = _root_2((real + CURVE_B, imaginary + CURVE_B))
    if len(data) != 2 * POINT_BYTES or flags not in {0b100, 0b101} or a >= PRIME or b >= PRIME or y is None:
        raise NoPointError
    is_larger = (y[1] or y[0]) > PRIME // 2
    return x, y if is_larger == (flags == 0b101) else (-y[0] % PRIME, -y[1] % PRIME)


# --- The pairing -----------------------------------------------------------------------------------------------------
# Its values are polynomials in w of degree 11 with w¹² = 2·w⁶ - 2; u is w⁶ - 1. A list holds the lowest power first.

ONE = [1, *[0] * 11]
# w^(PRIME² - 1), which is a sixth root of one.
SIXTH_ROOT = 0x5F19672FDF76CE51BA69C6076A0F77EADDB3A93BE6F89688DE17D813620A00022E01FFFFFFFEFFFF


def _times(one: list[int], other: list[int]) -> list[int]:
    product = [0] * 23
    for i, factor in enumerate(one):
        if factor:
            for j, another in enumerate(other, start=i):
                product[j] += factor * another
    for power in range(22, 11, -1):
        product[power - 6] += 2 * product[power]
        product[power - 12] -= 2 * product[power]
    return [factor % PRIME for factor in product[:12]]


def _power(value: list[int], exponent: int) -> list[int]:
    result = ONE
    for bit in f"{exponent:b}":
        result = _times(result, result)
        if bit == "1":
            result = _times(result, value)
    return result


def _line(at: Point2, other: Point2, point: tuple[int, int]) -> tuple[list[int], Point2]:
    """The line through two points of G2 (their tangent, if they are one), its value at `point`, and their sum."""
    ((a, b), (c, d)), ((e, f), (g, h)) = at, other
    if at == other:
        square = _times_2((a, b), (a, b))
        slope = _times_2((3 * square[0], 3 * square[1]), _inverse_2((2 * c, 2 * d)))
    else:
        slope = _times_2((g - c, h - d), _inverse_2((e - a, f - b)))
    square, shift = _times_2(slope, slope), _times_2(slope, (a, b))
    x = (square[0] - a - e) % PRIME, (square[1] - b - f) % PRIME
    y = _times_2(slope, (a - x[0], b - x[1]))
    px, py = point
    constant, second = (shift[0] - c, shift[1] - d), (-slope[0] * px, -slope[1] * px)
    value = [0] * 12
    value[0], value[6] = constant[0] - constant[1], constant[1]
    value[2], value[8] = second[0] - second[1], second[1]
    value[3] = py
    return value, (x, ((y[0] - c) % PRIME, (y[1] - d) % PRIME))


def is_one_together(pairs: list[tuple[tuple[int, int], Point2]]) -> bool:
    """Whether the pairings of points of G1 with points of G2 multiply to one."""
    value, at = ONE, [point2 for _point, point2 in pairs]
    for bit in f"{TRACE:b}"[1:]:
        value = _times(value, value)
        for place, (point, point2) in enumerate(pairs):
            line, at[place] = _line(at[place], at[place], point)
            value = _times(line, value)
            if bit == "1":
                line, at[place] = _line(at[place], point2, point)
                value = _times(line, value)
    # To the power of (PRIME¹² - 1) / ORDER it must be one. Of this exponent PRIME² + 1 is done by turning w, and that
    # PRIME⁶ - 1 gives one says that w → -w changes nothing: no odd power of w is left.
    turned = [factor * pow(SIXTH_ROOT, power, PRIME) % PRIME for power, factor in enumerate(value)]
    value = _power(_times(turned, value), (PRIME**4 - PRIME**2 + 1) // ORDER)
    return any(value) and not any(value[1::2])
