"""The loader and the check on a small corpus: what is read, and every class of fault once."""

from __future__ import annotations

import shutil
import tomllib
from datetime import date
from pathlib import Path

import pytest

import corpus.messages
from corpus import InvalidCorpus, UnknownId, load_corpus, read_corpus
from corpus.__main__ import main
from corpus.check import check_corpus
from corpus.coverage import plain
from corpus.writing import length

NATIONAL = """\
+++
id = "notice-a"
title = "一份国家通知"
source = "医保发〔2022〕22号"
publisher = "国家医疗保障局"
published = 2022-07-26
checked = 2026-11-25
authority = "national"
in_force_from = 2023-01-01
+++

## 临时备案能用多久 {#validity}

```toml
evidence = "retold"
also = ["page-b"]
topics = ["filing", "validity"]
follow_up = ["where"]
questions = ["临时备案多久有效", "备案能管几个月？", "备案 期限"]
```

**至少 6 个月**，从备案那天算起（据转述）。

- 期内可以多次看病，也可以多次直接结算，不用每次都重新办。
- 参保地可以给得更长，到底几个月，问参保地医保经办机构，带上身份证和社保卡，说清是哪一天办的备案。
"""

LOCAL = """\
+++
id = "local-c"
title = "一份江苏的文件"
source = "苏医保发〔2022〕75号"
publisher = "江苏省医疗保障局"
checked = 2026-11-25
authority = "local"
region = "32"
+++

## 江苏在哪里办 {#where}

```toml
evidence = "text"
topics = ["channel"]
insurance = "resident"
care = ["inpatient"]
in_force_to = 2030-12-31
questions = ["江苏在哪办备案", "我在南京，去哪个窗口？", "江苏 备案 窗口"]
```

江苏参保的人，**参保地医保经办窗口和手机都能办**。窗口请别人代办的，
再带上代办人自己的证件；
手机上用国家平台或者本省的医保云都行，一般当天就能上传。拿不准的打 12393 问一句。
"""

PAGE = """\
+++
id = "page-b"
title = "一篇网文"
source = "page"
publisher = "某网"
published = 2025-03-10
checked = 2026-11-25
authority = "media"
+++
"""

CONFLICTS = """\
[[conflict]]
id = "length"
rows = ["B1"]
topic = "临时备案能用多久"
statements = [
  { text = "一篇网文写 3–6 个月。", documents = ["page-b"] },
  { text = "国家规定不少于 6 个月。", documents = ["notice-a"] },
]
prevails = 1
why = "国家规定管的是下限。"
answer = "**至少 6 个月**。"
sections = ["validity"]
cues = ["多久"]
"""

COVERAGE = """\
[A6]
sections = ["validity"]
figures = ["至少6个月"]

["C1.1"]
conflicts = ["length"]
figures = ["3–6 个月"]

[C9]
left_out = "没有可用的数字。"
"""

FILES = {
    "documents/national/notice-a.md": NATIONAL,
    "documents/local/local-c.md": LOCAL,
    "documents/sources/page-b.md": PAGE,
    "conflicts.toml": CONFLICTS,
    "coverage.toml": COVERAGE,
}


def lay(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay(tmp_path / "corpus", FILES)


def test_the_small_corpus_is_clean(root: Path) -> None:
    _, faults = check_corpus(root)
    assert faults == ()


def test_a_section_reads_as_written(root: Path) -> None:
    section = load_corpus(root).section("validity")
    assert section.title == "临时备案能用多久"
    assert section.documents == ("notice-a", "page-b")
    assert section.topics == ("filing", "validity")
    assert section.follow_up == ("where",)
    assert section.questions[1] == "备案能管几个月？"
    assert section.lead == "**至少 6 个月**，从备案那天算起（据转述）。"
    assert section.text.endswith("哪一天办的备案。")
    assert (section.path, section.line) == ("corpus/documents/national/notice-a.md", 12)


def test_a_section_inherits_what_it_does_not_state(root: Path) -> None:
    corpus = load_corpus(root)
    assert corpus.section("validity").in_force_from == date(2023, 1, 1)
    assert corpus.section("validity").region is None
    where = corpus.section("where")
    assert (where.region, where.insurance, where.care) == ("32", "resident", ("inpatient",))
    assert (where.in_force_from, where.in_force_to) == (None, date(2030, 12, 31))


def test_the_stronger_document_comes_first(root: Path) -> None:
    page = PAGE + NATIONAL.split("+++\n\n")[1].replace("page-b", "notice-a")
    lay(root, {"documents/sources/page-b.md": page.replace("{#validity}", "{#other}")})
    assert load_corpus(root).section("other").documents == ("notice-a", "page-b")


def test_conflicts_are_found_by_section(root: Path) -> None:
    corpus = load_corpus(root)
    (conflict,) = corpus.conflicts_of("validity")
    assert corpus.conflicts_of("where") == ()
    assert conflict is corpus.conflict("length")
    assert [said.id for said in conflict.statements] == ["length/1", "length/2"]
    assert conflict.prevails == 1


@pytest.mark.parametrize("kind", ["document", "section", "conflict"])
def test_an_unknown_id_is_named(root: Path, kind: str) -> None:
    with pytest.raises(UnknownId, match=f"{kind}: nowhere"):
        getattr(load_corpus(root), kind)("nowhere")


def test_the_fingerprint_follows_the_content(root: Path, tmp_path: Path) -> None:
    first = load_corpus(root).fingerprint
    twin = shutil.copytree(root, tmp_path / "twin")
    assert load_corpus(twin).fingerprint == first
    lay(twin, {"conflicts.toml": CONFLICTS.replace("管的是下限", "只管下限")})
    assert read_corpus(twin)[0].fingerprint != first


def test_loading_twice_reads_once(root: Path) -> None:
    assert load_corpus(root) is load_corpus(root)


def test_a_section_may_name_another_for_a_narrower_case(root: Path) -> None:
    other = 'instead = [{ section = "where", same_province = true }]\nquestions = ["临时'
    lay(root, {A: NATIONAL.replace('questions = ["临时', other)})
    (instead,) = load_corpus(root).section("validity").instead
    assert (instead.section, instead.when) == ("where", (("same_province", True),))
    lay(root, {A: NATIONAL.replace('questions = ["临时', other.replace("where", "nowhere"))})
    assert any("nowhere" in str(fault) for fault in read_corpus(root)[1])


A = "documents/national/notice-a.md"
C = "documents/local/local-c.md"

# code of the fault · file · what is written · what is put there · text of the line blamed
BROKEN = [
    ("bad_toml", A, 'publisher = "国家医疗保障局"', "publisher = 国家", "publisher ="),
    ("bad_toml", A, 'evidence = "retold"', "evidence = retold", "evidence ="),
    ("bad_toml", "conflicts.toml", "prevails = 1", "prevails = ", "prevails ="),
    ("no_front_matter", A, "+++\nid", "id", "id ="),
    ("unknown_key", A, "checked =", "pages = 3\nchecked =", "pages"),
    ("unknown_key", A, "topics =", "voice = 1\ntopics =", "voice"),
    ("unknown_key", "conflicts.toml", "cues =", "words =", "words"),
    ("unknown_key", "conflicts.toml", 'documents = ["page-b"]', 'papers = ["x"]', "statements"),
    ("unknown_key", "coverage.toml", "figures =", "numbers =", "numbers"),
    ("missing_key", A, 'publisher = "国家医疗保障局"\n', "", "id ="),
    ("missing_key", "conflicts.toml", 'why = "国家规定管的是下限。"\n', "", "[[conflict]]"),
    ("missing_key", A, 'topics = ["filing", "validity"]', "topics = []", "topics"),
    ("wrong_type", A, "published = 2022-07-26", 'published = "2022-07-26"', "published"),
    ("wrong_type", A, "checked = 2026-11-25", "checked = 2026-11-25T08:00:00", "checked"),
    ("wrong_type", A, 'title = "一份国家通知"', 'title = " "', "title ="),
    ("wrong_type", A, 'topics = ["filing", "validity"]', 'topics = "filing"', "topics"),
    ("wrong_type", C, 'region = "32"', 'region = "江苏"', "region"),
    ("wrong_type", "conflicts.toml", "prevails = 1", "prevails = true", "prevails"),
    ("not_allowed", A, 'authority = "national"', 'authority = "state"', "authority"),
    ("not_allowed", A, '"validity"]', '"money"]', "topics"),
    ("not_allowed", A, '"retold"', '"rumour"', "evidence"),
    ("not_allowed", C, 'care = ["inpatient"]', 'care = ["dental"]', "care"),
    ("dates_reversed", A, "in_force_from", "in_force_to = 2022-01-01\nin_force_from", "in_force_t"),
    ("id_not_file_name", A, 'id = "notice-a"', 'id = "notice"', "id ="),
    ("bad_heading", A, "{#validity}", "{validity}", "## 临时"),
    ("bad_heading", A, "- 期内", "### 小标题\n\n- 期内", "### 小标题"),
    ("stray_text", A, "\n## 临时", "\n一句话。\n\n## 临时", "一句话"),
    ("no_section_facts", A, "```toml", "```json", "## 临时"),
    ("duplicate_id", A, "{#validity}", "{#where}", "## 临时"),
    ("unknown_document", A, '["page-b"]', '["page-z"]', "## 临时"),
    ("unknown_document", "conflicts.toml", '["page-b"]', '["page-z"]', "[[conflict]]"),
    ("unknown_section", A, '["where"]', '["nowhere"]', "## 临时"),
    ("unknown_section", "conflicts.toml", '["validity"]', '["nowhere"]', "[[conflict]]"),
    ("unknown_section", "coverage.toml", '["validity"]', '["nowhere"]', "[A6]"),
    ("unknown_conflict", "coverage.toml", '["length"]', '["width"]', '["C1.1"]'),
    ("too_many_documents", A, '["page-b"]', '["page-b", "local-c"]', "## 临时"),
    ("prevails_out_of_range", "conflicts.toml", "prevails = 1", "prevails = 2", "prevails"),
    ("too_few_statements", "conflicts.toml", CONFLICTS.split("\n")[5] + "\n", "", "statements"),
    ("too_few_questions", A, ', "备案 期限"', "", "## 临时"),
    ("too_short", C, LOCAL.split("```\n")[1], "\n太短了。\n", "## 江苏"),
    ("shorter_than_usual", C, "拿不准的打 12393 问一句。", "", "## 江苏"),
    ("too_long", C, "拿不准的", "拿不准的" * 100, "## 江苏"),
    ("longer_than_usual", C, "拿不准的", "拿不准的" * 60, "## 江苏"),
    ("evidence_not_said", A, "（据转述）", "", "## 临时"),
    ("bare_url", C, "国家平台", "https://example.org", "## 江苏"),
    ("question_twice", A, "备案能管几个月？", "江苏在哪办备案。", "## 临时"),
    ("no_home", "coverage.toml", 'left_out = "没有可用的数字。"', "", "[C9]"),
    ("figures_without_text", "coverage.toml", "left_out", 'figures = ["1"]\nleft_out', "[C9]"),
    ("figure_missing", "coverage.toml", "至少6个月", "至少7个月", "[A6]"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "file", "old", "new", "blamed"), BROKEN)
def test_a_fault_is_found_where_it_is(
    root: Path, code: str, file: str, old: str, new: str, blamed: str
) -> None:
    assert old in FILES[file]
    broken = FILES[file].replace(old, new, 1)
    lay(root, {file: broken})
    found = [fault for fault in check_corpus(root)[1] if fault.code == code]
    assert found, code
    line = next(n for n, s in enumerate(broken.split("\n"), 1) if s.startswith(blamed))
    assert (f"corpus/{file}", line) in {(fault.path, fault.line) for fault in found}
    assert all(fault.message and fault.expected for fault in found)


def test_a_file_in_another_encoding(root: Path) -> None:
    (root / A).write_bytes(NATIONAL.encode("gb18030"))
    codes = {fault.code for fault in check_corpus(root)[1]}
    assert "not_utf8" in codes


def test_a_mark_in_front_of_the_file_is_passed_over(root: Path) -> None:
    (root / A).write_text(NATIONAL, encoding="utf-8-sig")
    assert check_corpus(root)[1] == ()


def test_an_empty_corpus(tmp_path: Path) -> None:
    _, faults = check_corpus(tmp_path)
    assert [fault.code for fault in faults] == ["no_documents"]


def test_every_class_of_fault_has_a_case() -> None:
    text = Path(corpus.messages.__file__).with_name("messages.toml").read_text(encoding="utf-8")
    tested = {case[0] for case in BROKEN} | {"not_utf8", "no_documents"}
    assert tested == set(tomllib.loads(text)["faults"])


def test_all_faults_stop_the_start_at_once(root: Path) -> None:
    lay(root, {A: NATIONAL.replace("national", "state").replace('["where"]', '["nowhere"]')})
    with pytest.raises(InvalidCorpus) as raised:
        load_corpus(root)
    assert {fault.code for fault in raised.value.faults} == {"not_allowed", "unknown_section"}
    assert str(raised.value).count("notice-a.md:") == 2


def test_unusual_lengths_only_warn(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(root, {C: LOCAL.replace("拿不准的打 12393 问一句。", "")})
    assert main(["check"], root) == 0
    assert "local-c.md:11" in capsys.readouterr().out


def test_the_check_fails_loudly(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay(root, {A: NATIONAL.replace("（据转述）", ""), "coverage.toml": "[A6]\n"})
    assert main(["check"], root) == 1
    said = capsys.readouterr().err
    assert "notice-a.md:12" in said
    assert "coverage.toml:1" in said
    assert "2 处错误" in said


def test_marks_and_spaces_are_no_text() -> None:
    assert length("**至少 6 个月**。\n\n- 一\n1. 二") == len("至少6个月。一二")


@pytest.mark.parametrize(
    ("written", "looked_for"),
    [("**3,000 元**", "3000元"), ("首次 350，250 以后", "350，250"), ("６ 个月", "6个月")],
)
def test_figures_are_compared_plainly(written: str, looked_for: str) -> None:
    assert plain(looked_for) in plain(written)


def test_a_list_of_numbers_is_not_one_number() -> None:
    assert "350250" not in plain("首次 350，250 以后")


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (["show", "validity"], "据转述"),
        (["show", "notice-a"], "医保发〔2022〕22号"),
        (["show", "length"], "国家规定管的是下限"),
        (["list", "--region", "32"], "where\t江苏在哪里办"),
        (["list", "--topic", "validity"], "validity\t"),
        (["search", "代办人"], "where\t"),
        (["stats"], "小节 2"),
    ],
)
def test_the_editor_sees(
    root: Path, capsys: pytest.CaptureFixture[str], argv: list[str], expected: str
) -> None:
    assert main(argv, root) == 0
    assert expected in capsys.readouterr().out


@pytest.mark.parametrize(
    "argv", [["show", "nowhere"], ["list", "--region", "44"], ["search", "牙"]]
)
def test_nothing_found_is_an_exit_code(root: Path, argv: list[str]) -> None:
    assert main(argv, root) == 1
