"""Ages, and which admission of the year it is."""

from __future__ import annotations

import re
from datetime import date

from assistant.slots.numerals import folded, small
from assistant.slots.values import Mention, Unclear
from rules.facts import Facts

_ONES = "一二三四五六七八九"
_NUM = rf"(?:\d{{1,3}}|[{_ONES}]?十有?[{_ONES}]?|一百[零{_ONES}十]*|[{_ONES}两])"
_AGE = re.compile(
    rf"(?P<near>快|将近|差不多|不到|近)?(?P<n>{_NUM})(?P<more>多|几|来)?\s?周?岁"
    r"(?!以上|以下|以后|以内|及|或)"
)
_OF_AGE = (
    "年纪|年龄|岁数|今年|都|已经|虚岁|实岁|满|高龄|老人家?"
    "|(?<!其)[他她]|(?:家|我)?[爸妈爷奶公婆父母叔伯姨姑舅哥姐][爸妈爷奶公婆亲]?"
    "|老伴|老[公婆]|爱人|媳妇|丈夫|妻子|老人|老汉|老太太?|儿子|女儿|闺女|[弟妹]"
)
_AGE_SAID = re.compile(
    rf"(?:{_OF_AGE}|(?=快|将近)|(?:^|(?<=[\s,，。]))(?:我|俺|咱|本人)?(?=\S{{2,3}}了))"
    rf"(?:已经|都|是|有|为|:|了|错了|不对|写错了?|应该是|改成|[,，])*\s?(?P<near>快|将近|近)?(?:要|到)?(?P<n>{_NUM})(?P<more>多|几)?"
    r"(?=了|的|岁|[,，。;；!！?？\s]|$)(?!了?(?:次|块|元|个|天|月))"
)
_YEAR = r"19\d\d|20[012]\d"
_AGE_ALONE = re.compile(
    rf"(?:(?:^|(?<=[\s,，。;]))(?:我|他|她|本人|老人)"
    rf"|(?:[爸妈爷奶公婆姥父母]|老人|退休)[^,，。;\d]{{0,5}}[\s,，])(?P<n>{_NUM})(?=[,，。;!！?？\s]|$)"
)
"""我28，住院 …; 我爸退休的呢，72: a number alone beside a person."""
_PAYS = re.compile(r"[付报给出掏][了的]?\S{0,3}$")
_BORN = re.compile(
    rf"(?P<y>{_YEAR}|\d\d)年(?:\d{{1,2}}月)?(?:\d{{1,2}}[号日])?出?生(?!孩|娃|育|病|效|二|三)"
    rf"|(?:出?生于|出生年份?(?:是|:)?)\s?(?P<y2>{_YEAR})年?"
)
_INFANT = re.compile(rf"{_NUM}个?多?(?:月|天|周)大")
_OLDEST, _YOUNGEST_SAID = 150, 14


def birth_facts(text: str, today: date) -> list[Mention]:
    """1953年出生, 生于1953: the age reached this year, approximate (the day is not known)."""
    found = []
    for match in _BORN.finditer(text):
        written = match["y"] or match["y2"]
        year = int(written) if len(written) == 4 else 1900 + int(written)
        if 0 <= today.year - year <= _OLDEST:
            age = today.year - year
            found.append(Mention("age", age, match.start(), match.end(), match.group(), True))
    return found[:1]


def age_facts(text: str) -> tuple[list[Mention], list[Unclear]]:
    """Ages in ``text``: 71岁, 今年七十一了; a vague one (七十多岁) comes with its readings."""
    mentions: list[Mention] = []
    unclear: list[Unclear] = []
    taken: list[tuple[int, int]] = []
    for pattern in (_AGE, _AGE_SAID, _AGE_ALONE):
        for match in pattern.finditer(folded(text)):
            age, groups = small(match["n"].replace("有", "")), match.groupdict()
            if age is None or age > _OLDEST or (pattern is not _AGE and age < _YOUNGEST_SAID):
                continue
            start, end = match.start("n"), match.end()
            denied = text.endswith("不是", 0, start)
            if pattern is _AGE_ALONE and _PAYS.search(text, max(0, start - 8), start):
                continue
            if denied or any(s < end and start < e for s, e in taken):
                continue
            taken.append((start, end))
            readings = (age, age + 9) if groups.get("more") else (age - 1, age)
            if groups.get("more") or groups.get("near"):
                unclear.append(Unclear("age_range", text[start:end], start, end, readings, "age"))
            else:
                mentions.append(Mention("age", age, start, end, text[start:end]))
    if len({m.value for m in mentions}) > 1:  # two persons in one message
        start, end = mentions[0].start, mentions[-1].end
        ages = tuple(m.value for m in mentions)
        unclear.append(Unclear("several_values", text[start:end], start, end, ages, "age"))
        mentions.clear()
    infant = _INFANT.search(text)
    if infant and not mentions:
        mentions.append(Mention("age", 0, infant.start(), infant.end(), infant.group()))
    return mentions, unclear


_STAY = r"(?:住(?:的|了|进|过)?(?:医?院|进)|入院|住进)"
_COUNTED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"第(?P<n>{_NUM})[次回趟]",
        rf"(?P<n>[二两三四五六])[次回](?={_STAY})",
        rf"{_STAY}(?:了|过)?第?(?P<n>{_NUM})[次回趟]了?",
        rf"住(?:了|过)?(?P<n>{_NUM})[次回](?:医?院)",
    )
)
_WORDED = (
    (re.compile(rf"(?:首次|头一[次回]|头回|初次)(?=[^,。，;]{{0,6}}?{_STAY})"), 1),
    (re.compile(rf"(?:再次|又一次|又|再一次)(?={_STAY})"), 2),
)


def _denied(text: str, match: re.Match[str]) -> bool:
    """不是第一次; 第一回?不是: the number is taken back."""
    after = re.match(r"[了吗\s]*[?？,，]\s*不是", text[match.end() :])
    return after is not None or text.endswith("不是", 0, match.start())


def count_facts(text: str, known: Facts, expecting: str | None) -> list[Mention]:
    """Which admission of the year it is: 今年第二次住院, 二次住院, 又住院了."""
    spoken_of = expecting == "admission_count" or known.admission_count is not None
    if not spoken_of and not re.search(rf"{_STAY}|住.{{0,4}}院", text):
        return []
    for pattern in _COUNTED:
        told = (m for m in pattern.finditer(folded(text)) if not _denied(text, m))
        match = next(told, None)
        count = small(match["n"]) if match else None
        if match and count and count <= 30:
            surface = text[match.start() : match.end()]
            return [Mention("admission_count", count, match.start(), match.end(), surface)]
    for pattern, count in _WORDED:
        match = pattern.search(text)
        if match:
            return [Mention("admission_count", count, match.start(), match.end(), match.group())]
    return []
