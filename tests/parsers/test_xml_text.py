"""The shared XML reader: lines, text, partial documents, and what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import xml_text, xml_tree
from parsers.base import ConfigText
from parsers.reading import ReadError, split_lines
from parsers.xml_text import MAX_DEPTH, XmlElement, read_xml


def config(text: str) -> ConfigText:
    return ConfigText("c.xml", "0" * 64, split_lines(text))


SAMPLE = """<?xml version="1.0" encoding="UTF-16"?>
<!-- a comment
     of two lines -->
<config version="10.1" urldb="x">
  <shared>
    <entry
       name="A &amp; B &lt;1&gt;">
      <member>  10.0.0.1 </member>
      <member><![CDATA[<raw>
text]]></member>
      <empty/>
    </entry>
  </shared>
</config>
"""


def shape(element: XmlElement) -> object:
    return (element.tag, element.line, element.end_line, [shape(child) for child in element])


def test_elements_know_the_lines_of_their_start_and_end() -> None:
    root = read_xml(config(SAMPLE)).root
    entry: tuple[object, ...] = ("entry", 6, 12, [("member", 8, 8, []), ("member", 9, 10, []), ("empty", 11, 11, [])])
    assert shape(root) == ("config", 4, 14, [("shared", 5, 13, [entry])])


def test_text_and_attributes_are_decoded() -> None:
    root = read_xml(config(SAMPLE)).root
    entry = root.find("shared", "entry")
    assert entry is not None
    assert root.attributes == {"version": "10.1", "urldb": "x"}
    assert entry.get("name") == "A & B <1>"
    assert entry.get("other", "none") == "none"
    assert [child.text for child in entry] == ["10.0.0.1", "<raw>\ntext", ""]
    assert entry.value("member") == "10.0.0.1"
    assert entry.value("absent", "deeper", default="-") == "-"
    assert root.find("absent", "deeper") is None


def test_children_and_descendants_come_in_order() -> None:
    root = read_xml(config("<a><b><c/></b><d/><b/></a>")).root
    assert [one.tag for one in root.descendants()] == ["b", "c", "d", "b"]
    assert [one.tag for one in root] == ["b", "d", "b"]
    assert [one.index for one in root.all("b")] == [1, 4]
    assert [one.empty for one in root] == [False, True, True]


def test_lines_stay_exact_beyond_sixteen_bits() -> None:
    count = 70_000
    root = read_xml(config("<a>\n" + "<b>x</b>\n" * count + "<c>\n</c></a>")).root
    children = list(root)
    assert [children[65_540].line, children[count - 1].line] == [65_542, count + 1]
    assert (children[-1].tag, children[-1].line, children[-1].end_line) == ("c", count + 2, count + 3)


def test_long_lines_are_read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_text, "_CHUNK", 7)
    root = read_xml(config("<a>\n<b>été und mehr</b><c>tiny</c></a>\n")).root
    assert [(one.text, one.line) for one in root] == [("été und mehr", 2), ("tiny", 2)]


def test_what_surrounds_the_document_is_passed_over() -> None:
    document = read_xml(config("admin@fw> show\n\n  <?xml version='1.0'?>\n<a>\n<b/>\n</a>\nadmin@fw> \n<more/>"))
    assert document.problem is None
    assert shape(document.root) == ("a", 4, 6, [("b", 5, 5, [])])


def test_a_text_that_is_cut_off_keeps_what_was_read() -> None:
    document = read_xml(config("<a>\n<b>1</b>\n<c>\n<d>2"))
    assert shape(document.root) == ("a", 1, 4, [("b", 2, 2, []), ("c", 3, 4, [("d", 4, 4, [])])])
    assert document.problem is not None
    assert (document.problem.code, document.problem.line) == ("RC607", 4)
    assert document.problem.message == "the XML ends early: <d> of line 4 is not closed"


def problems(text: str) -> list[tuple[str, int, str]]:
    return [(one.code, one.line, one.message) for one in read_xml(config(text)).problems]


def test_an_undeclared_entity_is_malformed() -> None:
    assert problems("<a>\n&boom;</a>") == [("RC605", 2, "the XML is malformed: undefined entity")]


def test_a_stray_less_than_sign_is_malformed() -> None:
    text = "<a>\n<b>1 < 2</b>\n</a>"
    assert problems(text) == [("RC605", 2, "the XML is malformed: a < starts no tag")]
    assert read_xml(config(text)).root.value("b") == "1 < 2"


def test_a_missing_end_tag_is_closed_by_the_one_around_it() -> None:
    text = "<a>\n<b>1</b>\n<c>\n<d>é &amp; x</d></a>"
    assert shape(read_xml(config(text)).root) == ("a", 1, 4, [("b", 2, 2, []), ("c", 3, 4, [("d", 4, 4, [])])])
    assert problems(text) == [("RC605", 4, "the XML is malformed: <c> of line 3 is not closed")]
    assert read_xml(config(text)).root.value("c", "d") == "é & x"


INDENTED = """<?xml version="1.0"?>
<config>
  <users>
    <entry name="a">
      <phash>x</phash>
      REDACTED
        <role/>
      </permissions>
    </entry>
    <entry name="b">
      <key>-----BEGIN
first
</key>
    REDACTED
    <entry name='c'>
      <empty name="1" other='2'/>
    </entry>
  </users>
  <!-- <entry name="d"> -->
  <rules>
    REDACTED
      <action><![CDATA[<allow>]]></action>
    </entry>
  </rules>
</config>
"""


def test_indentation_tells_where_missing_tags_were() -> None:
    root = read_xml(config(INDENTED)).root
    users, rules = root.find("users"), root.find("rules")
    assert users is not None
    assert rules is not None
    assert [(one.get("name"), one.line, one.end_line) for one in users] == [("a", 4, 9), ("b", 10, 15), ("c", 15, 17)]
    assert [(one.tag, one.text) for one in rules] == [("action", "<allow>")]
    assert [one.attributes for one in users.descendants() if one.tag == "empty"] == [{"name": "1", "other": "2"}]
    assert problems(INDENTED) == [
        ("RC605", 8, "the XML is malformed: </permissions> ends nothing"),
        ("RC605", 15, "the XML is malformed: <entry> of line 10 is not closed"),
        ("RC605", 23, "the XML is malformed: </entry> ends nothing"),
    ]


def test_an_end_tag_before_any_start_tag_ends_nothing() -> None:
    text = "<1/>\n</x>\n<a>\n  <b>\n    <c/>\n  </b>\n</a>"
    assert ("RC605", 2, "the XML is malformed: </x> ends nothing") in problems(text)
    assert shape(read_xml(config(text)).root) == ("a", 3, 7, [("b", 4, 6, [("c", 5, 5, [])])])


def test_problems_are_bounded() -> None:
    assert len(problems("<a>\n" + "</b>\n" * 5_000 + "</a>")) == 100


def test_malformed_text_is_read_in_linear_time() -> None:
    attributes = "<b " + " c='1'" * 20_000 + " <"
    assert len(problems("<a>" + "<b " * 50_000 + " " * 50_000 + attributes + "<!-- x" * 50_000)) > 0


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE a [<!ENTITY x "1"><!ENTITY y "&x;&x;&x;">]>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE a SYSTEM "http://example.com/a.dtd">',
        '<!DOCTYPE a [<!ENTITY % p SYSTEM "p.ent"> %p;]>',
    ],
)
def test_document_types_and_entities_are_refused(declaration: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_xml(config(f"<?xml version='1.0'?>\n{declaration}\n<a>&x;</a>"))
    assert caught.value.error.line == 2
    assert "document type" in caught.value.error.message


def test_deep_nesting_is_refused() -> None:
    fits = "<a>" * MAX_DEPTH + "</a>" * MAX_DEPTH
    assert read_xml(config(fits)).problem is None
    with pytest.raises(ReadError, match="nested deeper"):
        read_xml(config("\n".join(["<a>"] * 100_000)))


def test_too_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_tree, "MAX_ELEMENTS", 3)
    assert len(list(read_xml(config("<a><b/><b/></a>")).root)) == 2
    with pytest.raises(ReadError, match="over 3 elements"):
        read_xml(config("<a><b/><b/><b/></a>"))


@pytest.mark.parametrize("text", ["no xml here", "<", "<!-- only a comment -->", "<?xml version='1.0'?>", "<a"])
def test_a_text_without_any_element_is_refused(text: str) -> None:
    with pytest.raises(ReadError):
        read_xml(config(text))


@given(st.text(alphabet="<>/ab!-[]&;\n x='\u00e9\u2028\x1b", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    source = config(text + "x")
    try:
        document = read_xml(source)
    except ReadError:
        return
    for one in (document.root, *document.root.descendants()):
        assert 1 <= one.line <= one.end_line <= len(source.lines)
        assert f"<{one.tag}" in source.lines[one.line - 1]
