"""The signature of a drand round, checked by the site, by the script and against what is published."""

import runpy
from pathlib import Path

import pytest

from councils.drawing import QUICKNET, BeaconError, Drand
from councils.drawing.signatures import ORDER, PRIME, NoPointError, hash_to_curve, is_signed, multiply, read_point

pytestmark = pytest.mark.once

# Rounds of quicknet as drand publishes them.
PUBLISHED = {
    1000: "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39",
    657413: "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b",
}
KEY = bytes.fromhex(QUICKNET.public_key)
SCRIPT = Path(__file__).resolve().parents[2] / "councils/verifier/verify_draw.py"


@pytest.fixture(scope="module")
def of_script():
    return runpy.run_path(str(SCRIPT))["is_signed"]


@pytest.mark.parametrize(
    ("message", "x", "y"),
    [
        (
            b"",
            0x052926ADD2207B76CA4FA57A8734416C8DC95E24501772C814278700EED6D1E4E8CF62D9C09DB0FAC349612B759E79A1,
            0x08BA738453BFED09CB546DBB0783DBB3A5F1F566ED67BB6BE0E8C67E2E81A4CC68EE29813BB7994998F3EAE0C9C6A265,
        ),
        (
            b"abc",
            0x03567BC5EF9C690C2AB2ECDF6A96EF1C139CC0B2F284DCA0A9A7943388A49A3AEE664BA5379A7655D3C68900BE2F6903,
            0x0B9C15F3FE6E5CF4211F346271D7B01C8F3B28BE689C8429C85B67AF215533311F0B8DFAAA154FA6B88176C229F2885D,
        ),
    ],
)
def test_bytes_are_hashed_to_the_curve_as_the_standard_says(message, x, y):
    """Source: RFC 9380, appendix J.9.1."""
    assert hash_to_curve(message, b"QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_") == (x, y)


@pytest.mark.parametrize("number", PUBLISHED)
def test_a_published_round_is_signed(number, of_script):
    assert is_signed(number, bytes.fromhex(PUBLISHED[number]), KEY)
    assert of_script(number, PUBLISHED[number])


@pytest.mark.parametrize(
    ("number", "signature"),
    [
        (1001, PUBLISHED[1000]),  # of another round
        (1000, f"94{PUBLISHED[1000][2:]}"),  # the point with the other y
        (1000, PUBLISHED[657413]),
        (1000, f"c0{'00' * 47}"),  # infinity
        (1000, f"80{'00' * 47}"),  # on the curve and not in the group
        (1000, "ff" * 48),
        (1000, "00" * 48),
        (1000, f"{(PRIME + 0b100 * 2**381):096x}"),  # zero, written as the prime
    ],
)
def test_another_signature_is_none(number, signature, of_script):
    assert not is_signed(number, bytes.fromhex(signature), KEY)
    assert not of_script(number, signature)
    with pytest.raises(BeaconError, match="drand_false"):
        Drand(number).prove({"signature": signature})


def test_a_point_outside_of_the_group_is_known():
    point = read_point(bytes.fromhex(f"80{'00' * 47}"))
    assert point == (0, 2) or point == (0, PRIME - 2)
    assert multiply(point, ORDER) is not None
    assert multiply(hash_to_curve(b"abc"), ORDER) is None


@pytest.mark.parametrize("data", [b"", b"\x80", bytes(47), bytes(96)])
def test_what_is_no_point_is_refused(data):
    with pytest.raises(NoPointError):
        read_point(data)
    assert not is_signed(1000, data, KEY)
