import gzip
import time
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.web.encoding import decoded
from pipeline.web.exchange import Failure

TEXT = "Überschwemmung: 12 dead. ".encode() * 1000
RAW = zlib.compressobj(9, zlib.DEFLATED, -15)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (TEXT, None), (TEXT, "identity"), (gzip.compress(TEXT), "gzip"), (gzip.compress(TEXT), "X-GZIP"),
        (gzip.compress(TEXT[:9]) + gzip.compress(TEXT[9:]), "gzip"), (zlib.compress(TEXT), "deflate"),
        (RAW.compress(TEXT) + RAW.flush(), "deflate"), (brotli.compress(TEXT), "br"),
        (brotli.compress(gzip.compress(TEXT)), "gzip, br"), (TEXT, "gzip"),
    ],
)  # fmt: skip
def test_each_encoding_is_undone_and_a_header_that_lies_is_forgiven(body, encoding):
    assert decoded(body, encoding, len(TEXT)) == TEXT


@pytest.mark.parametrize(
    ("squeeze", "name"), [(gzip.compress, "gzip"), (zlib.compress, "deflate"), (brotli.compress, "br")]
)
def test_a_bomb_is_stopped_at_the_limit(squeeze, name):
    assert decoded(squeeze(bytes(50_000_000)), name, 100_000).reason == "too_large"


def test_half_a_million_empty_members_are_read_in_seconds():
    began = time.process_time()
    assert decoded(gzip.compress(b"") * 500_000, "gzip", 10_000_000) == b""
    assert time.process_time() - began < 20


def test_a_body_one_byte_too_long_is_too_large():
    assert decoded(gzip.compress(TEXT), "gzip", len(TEXT) - 1).reason == "too_large"
    assert decoded(TEXT, None, len(TEXT) - 1).reason == "too_large"


@pytest.mark.parametrize(
    ("body", "encoding"),
    [(gzip.compress(TEXT, mtime=0)[:-20], "gzip"), (zlib.compress(TEXT)[:-9], "deflate"), (brotli.compress(TEXT)[:-3], "br"),
     (TEXT, "br"), (TEXT, "deflate"), (TEXT, "zstd"), (gzip.compress(TEXT, mtime=0)[:20] + b"\xff" * 30, "gzip")],
)  # fmt: skip
def test_a_damaged_body_is_a_failure_with_its_reason(body, encoding):
    assert decoded(body, encoding, 10**7).reason == "bad_encoding"


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "gzip, br", "", "nonsense"]))
def test_no_bytes_raise(body, encoding):
    assert isinstance(decoded(body, encoding, 10_000), (bytes, Failure))


@given(st.binary(max_size=2000))
def test_what_was_squeezed_comes_back(body):
    assert decoded(gzip.compress(body), "gzip", 2000) == body
    assert decoded(brotli.compress(body), "br", 2000) == body
