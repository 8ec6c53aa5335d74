"""Charsets: what the bytes say goes before what anybody says about them."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.articles.decode import decode

FRENCH = "<p>Les soldats tués près de l’église étaient âgés de vingt à trente ans.</p>"
RUSSIAN = "<p>По меньшей мере двенадцать человек погибли при взрыве на рынке, сообщили власти города во вторник.</p>"


def page(text: str, charset: str, declared: str | None = None) -> bytes:
    meta = f'<meta charset="{declared}">' if declared else ""
    return f"<html><head>{meta}</head><body>{text}</body></html>".encode(charset)


@pytest.mark.parametrize("header", [None, "text/html", "text/html; charset=utf-8", "text/html; charset=iso-8859-1", "x/y; charset=nonsense"])  # fmt: skip
def test_valid_utf8_is_utf8_whatever_the_header_says(header):
    assert FRENCH in decode(page(FRENCH, "utf-8"), header)


def test_a_wrong_meta_does_not_mangle_utf8_either():
    assert FRENCH in decode(page(FRENCH, "utf-8", "windows-1251"), "text/html")


def test_a_byte_order_mark_decides():
    assert decode(codecs.BOM_UTF16_LE + FRENCH.encode("utf-16-le"), "text/html; charset=utf-8") == FRENCH
    assert decode(codecs.BOM_UTF8 + FRENCH.encode(), "text/html; charset=windows-1252") == FRENCH


def test_utf16_without_a_mark_is_seen_by_its_nul_bytes():
    assert FRENCH in decode(page(FRENCH, "utf-16-le"))
    assert FRENCH in decode(page(FRENCH, "utf-16-be"))


def test_the_page_is_believed_before_a_servers_default():
    assert RUSSIAN in decode(page(RUSSIAN, "windows-1251", "windows-1251"), "text/html; charset=iso-8859-1")


def test_the_header_is_believed_where_the_page_is_silent():
    assert RUSSIAN in decode(page(RUSSIAN, "koi8-r"), "text/html; charset=koi8-r")


def test_without_any_declaration_the_bytes_are_guessed():
    assert RUSSIAN in decode(page(RUSSIAN * 3, "windows-1251"))


def test_latin1_means_windows_1252():
    quoted = "<p>“They left at dawn”, she said — it cost €5.</p>"
    assert quoted in decode(page(quoted, "cp1252"), "text/html; charset=ISO-8859-1")


def test_stray_bytes_in_utf8_are_read_as_windows_1252():
    body = page(FRENCH * 30, "utf-8", "utf-8").replace(b"</body>", b"\x93pasted\x94</body>")
    assert decode(body).endswith("“pasted”</body></html>")
    assert FRENCH in decode(body)


def test_a_page_cut_off_within_a_character_keeps_the_rest():
    body = page("é" * 200, "utf-8")
    cut = body[: body.rindex("é".encode()) + 1]
    assert decode(cut).count("é") == 199


def test_escape_sequence_encodings_are_ascii_bytes():
    japanese = "<p>市場で爆発があり少なくとも十二人が死亡した</p>"
    assert japanese in decode(page(japanese, "iso2022_jp", "iso-2022-jp"))


def test_codecs_that_are_no_charsets_are_ignored():
    assert decode(b"<p>abc</p>", "text/html; charset=base64") == "<p>abc</p>"
    assert decode("<p>é</p>".encode("cp1252"), "text/html; charset=zlib") == "<p>é</p>"


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=30)))
def test_never_raises(body, header):
    assert isinstance(decode(body, header), str)
