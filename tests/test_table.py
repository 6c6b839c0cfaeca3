from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.draw.table import plain_table, shortened, shortest, text_width, use_unicode

HEADERS = ["schedule", "peak", "curve"]
ALIGNS = ["left", "right", "left"]
ROWS = [
    ["torch.CosineAnnealingLR [30]", "0.01", "▁▅█"],
    ["日本語のラベル", "1e-3", "█"],
    ["a", "0", "▁▁▁"],
]


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        pytest.param(
            None,
            [
                "schedule                      peak  curve",
                "torch.CosineAnnealingLR [30]  0.01  ▁▅█",
                "日本語のラベル                1e-3  █",
                "a                                0  ▁▁▁",
            ],
            id="any width",
        ),
        pytest.param(
            41,
            [
                "schedule                      peak  curve",
                "torch.CosineAnnealingLR [30]  0.01  ▁▅█",
                "日本語のラベル                1e-3  █",
                "a                                0  ▁▁▁",
            ],
            id="just wide enough",
        ),
        pytest.param(
            26,
            [
                "schedule       peak  curve",
                "torch.…R [30]  0.01  ▁▅█",
                "日本語…ラベル  1e-3  █",
                "a                 0  ▁▁▁",
            ],
            id="labels are shortened",
        ),
        pytest.param(
            25,
            [
                "schedule      peak  curve",
                "torch.… [30]  0.01  ▁▅█",
                "日本語…ベル   1e-3  █",
                "a                0  ▁▁▁",
            ],
            id="half a wide character is none",
        ),
        pytest.param(
            5,
            [
                "schedule  peak  curve",
                "torc…30]  0.01  ▁▅█",
                "日本…ル   1e-3  █",
                "a            0  ▁▁▁",
            ],
            id="numbers are never cut",
        ),
    ],
)
def test_plain_table(width, lines):
    assert plain_table(HEADERS, ROWS, ALIGNS, width=width) == lines


def test_the_mark_in_ascii():
    lines = plain_table(
        ["name", "n"], [["cosine_with_restarts", "1"]], ["left", "right"], width=12, ascii_only=True
    )
    assert lines == ["name       n", "cosi~arts  1"]


@pytest.mark.parametrize(
    ("headers", "rows", "lines"),
    [
        pytest.param(["name", "n"], [], ["name  n"], id="headers alone"),
        pytest.param([], [], [], id="nothing"),
        pytest.param(
            ["name", "n"], [["a\nb\x1b[1m", "1"]], ["name     n", "a b [1m  1"], id="control characters"
        ),
        pytest.param(["name", "n"], [["", "1"]], ["name  n", "      1"], id="empty label"),
    ],
)
def test_odd_tables(headers, rows, lines):
    assert plain_table(headers, rows, ["left", "right"][: len(headers)], width=None) == lines


def test_a_row_needs_one_cell_per_header():
    with pytest.raises(ValueError, match="zip"):
        plain_table(["a", "b"], [["1"]], ["left", "left"], width=None)


@given(
    st.lists(st.tuples(st.text(), st.text(alphabet="0123456789.e-", min_size=1)), max_size=5),
    st.integers(0, 60),
)
def test_no_number_is_lost_and_no_line_is_needlessly_long(rows, width):
    lines = plain_table(["label", "n"], rows, ["left", "right"], width=width)
    numbers = max([1, *(len(number) for _, number in rows)])
    assert len(lines) == len(rows) + 1
    for line, (_, number) in zip(lines[1:], rows, strict=True):
        assert line.endswith(number)
        assert text_width(line) <= max(width, 8 + 2 + numbers)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        pytest.param("lr", 2, id="ascii"),
        pytest.param("▁█…×", 4, id="blocks"),
        pytest.param("学習率", 6, id="wide"),
        pytest.param("e\u0301", 1, id="combining accent"),
        pytest.param("a\u200db", 2, id="joiner"),
    ],
)
def test_text_width(text, width):
    assert text_width(text) == width


@pytest.mark.parametrize(
    ("encoding", "answer"),
    [
        pytest.param("utf-8", True, id="utf-8"),
        pytest.param("UTF8", True, id="another spelling"),
        pytest.param("cp1252", False, id="a Windows pipe"),
        pytest.param("ascii", False, id="ascii"),
        pytest.param("cp437", False, id="some blocks are not enough"),
        pytest.param("klingon", False, id="unknown encoding"),
        pytest.param(None, False, id="no encoding"),
    ],
)
def test_use_unicode(encoding, answer):
    assert use_unicode(encoding) is answer


LABELS = st.lists(st.text("ab1_é日", max_size=40), min_size=1, max_size=6, unique=True)


@pytest.mark.property
@given(LABELS, st.integers(1, 60))
def test_labels_that_differ_are_never_cut_alike(labels, width):
    found = shortened(labels, width, "…")
    assert len(set(found)) == len(labels)
    assert max(map(text_width, found)) <= max(width, shortest(labels))
