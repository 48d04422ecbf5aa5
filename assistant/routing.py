"""Routing: what a message wants, sentence by sentence, from cues that live as data.

It knows words and the facts read from them; it does not know the corpus, the rules or the state's
store. Out of it comes a frozen :class:`Routing`; what is done with it is the pipeline's business.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from assistant.data import read_toml
from assistant.smalltalk import Pleasantries, bare, is_foreign, readable

Want = Literal[
    "amount", "why", "materials", "when_usable", "verdict", "summary", "reset", "lookup"
]  # fmt: skip
"""What a sentence asks for; ``lookup`` is any other question about the subject."""


@dataclass(frozen=True)
class Wish:
    """One thing wanted: ``sentence`` is the text that asks for it, ``score`` 0..1."""

    want: Want
    sentence: str
    score: float


@dataclass(frozen=True)
class Routing:
    """``wishes`` in reading order; ``declined``: reply names of parts out of scope.

    ``in_scope`` is the share of evidence for the subject, 0..1, also of sentences without a wish.
    """

    wishes: tuple[Wish, ...]
    declined: tuple[str, ...] = ()
    chat: str | None = None
    emergency: bool = False
    in_scope: float = 0.0
    domain_words: tuple[str, ...] = ()
    foreign: bool = False
    garbage: bool = False

    def wants(self, *wants: Want) -> bool:
        return any(w.want in wants for w in self.wishes)


@dataclass(frozen=True)
class _Cues:
    """Any of ``any_of`` unless any of ``unless``."""

    name: str
    any_of: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...] = ()

    def hit(self, text: str) -> re.Match[str] | None:
        return None if self.excused(text) else self.named(text)

    def named(self, text: str) -> re.Match[str] | None:
        """The first of the cues, excused or not."""
        found = (m for p in self.any_of if (m := p.search(text)))
        return min(found, key=lambda m: m.start(), default=None)

    def excused(self, text: str) -> bool:
        return any(p.search(text) for p in self.unless)


def _compile(patterns: list[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p, re.IGNORECASE) for p in patterns)


_SPLIT = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*")
_NUMBERED = re.compile(r"(?<![\d.．])[1-9一二三四五][.．、)）](?!\d)")
_CLAUSE = re.compile(r"[^,，、]+[,，、]*")
_ASKING = re.compile(
    r"([^\s不])不\1|能不能|可不可以|要不要|用不用|需不需要|有没有|是不是|会不会|行不行|还是|吗|怎么|怎样|咋|如何|"
    r"什么|啥|哪|多久|多长|多少|几|谁|为何|[?？]|(?:不|没|否)(?=[,，?？]|$)"
)
_OPEN = re.compile(
    r"(?:怎么|怎样|咋|如何)(?!说|讲|规定|样)|哪|什么|啥|谁|多久|几(?:天|个工作日|号)"
)
_NOT_ASKED = re.compile(r"不(?:是)?(?:要|想)?问|不重要|先不说")
_CONFIRMS = re.compile(
    r"可以|行|能|好|对|真的?|办|弄|整|处理|报|样|事|请问|想问|问一?下|知道|[\W_]"
)
_OWN, _OPEN_OWN = 4, 2
"""Characters besides the asking words of a clause that is a question of its own; and of one that
asks for more than yes or no."""
UNKNOWN, UNLIKELY, FAR, TOLD, FARTHEST = 0.6, 0.6, 0.3, 0.12, 0.03
"""Probabilities of being about the subject: not asked; declined; declined although a word of it is
said; declined although it tells of a case; declined in the middle of a conversation, too."""
SURE, GENUINE, DOUBTFUL = 0.9, 0.65, 0.35
"""Kept in spite of a cue of another subject; a question though no word of ours is in it; declined
in spite of what excuses the cue."""
_CLOSE = 15
"""Characters between a word for now and the sign of an emergency that it belongs to."""
_ASIDE = re.compile(r"[,，:：\]】#]+")
INJECTION = "inject"
"""The reply to instructions in a message; a genuine question beside them is answered."""
DEFAULT = "default"
"""The reply to what is of no known other subject."""
SHORT, WORD = 8, 3
"""Characters of a message so short that its subject may be left out (能报多少, 还有效吗), and of
one that says too little to be refused (可以, 行不行)."""
_QUESTION = re.compile(
    r"[?？]|([^\s不])不\1|(?:想|要|打算|准备)(?:去)?(?:办|做|弄|备)|吗|么(?:$|[,，])|呢|多久|多长|什么|啥|怎么|咋|如何|哪|谁|多少|几|为何|为什么|是否|能不能|可不可以|要不要|"
    r"给我|发我|还是|对不对|对吗|不[?？。]?$|[没否][?？]?$|认不认|算不算|报不报|"
    r"用不用|需不需要|有没有|是不是|会不会|行不行|请问|想问|问一下|想知道|告诉我|说说|介绍|解释|帮|[是对]吧|"
    r"(?:流程|步骤|手续|条件|政策|规定|办法|方法|标准|比例|范围|名单|限额|封顶线|起付线|门槛费|电话|地址|渠道|入口|区别|有效期|时限|期限|材料)\W*$"
)


@dataclass(frozen=True)
class Router:
    """Cues compiled once; :meth:`route` is pure."""

    intents: tuple[_Cues, ...]
    outs: tuple[_Cues, ...]
    pleasantries: Pleasantries
    emergency: _Cues
    happening: re.Pattern[str]
    over: re.Pattern[str]
    domain: re.Pattern[str]
    near: re.Pattern[str]
    certain: re.Pattern[str]

    @classmethod
    def load(cls) -> Router:
        """From ``assistant/data``; unknown keys are refused there."""
        intents = read_toml("intents.toml")["intent"]
        scope = read_toml("scope.toml")
        alarm = read_toml("emergency.toml")
        return cls(
            tuple(
                _Cues(i["name"], _compile(i["cues"]), _compile(i.get("unless", [])))
                for i in intents
            ),
            tuple(
                _Cues(o["reply"], _compile(o["cues"]), _compile(o["unless"])) for o in scope["out"]
            ),
            Pleasantries.load(),
            _Cues("emergency", _compile(alarm["signs"]), _compile(alarm["unless"])),
            re.compile(
                f"{alarm['now']}[^。；;！!？?\\n]{{0,{_CLOSE}}}?(?:{'|'.join(alarm['signs'])})"
            ),
            re.compile("|".join(alarm["over"]), re.IGNORECASE),
            re.compile("|".join(scope["domain"]), re.IGNORECASE),
            re.compile("|".join(scope["near"]), re.IGNORECASE),
            re.compile("|".join(scope["certain"]), re.IGNORECASE),
        )

    def route(
        self,
        text: str,
        *,
        has_facts: bool,
        open_case: bool,
        likely: Callable[[str], float] = lambda _: UNKNOWN,
        kind: Callable[[str], str | None] = lambda _: None,
    ) -> Routing:
        """What ``text`` (normalised) wants.

        ``has_facts``: facts of a case were read from it. ``open_case``: the conversation has a
        case or a topic that an elliptic message may refer to. ``likely``: the probability that a
        text is about the subject, ``kind``: which other one (see :mod:`assistant.scope`).
        """
        said = bare(text)
        chat = None if self.domain.search(text) else self.pleasantries.reply(text)
        replied = has_facts and (open_case or not said.isdigit())
        if not chat and not (said and (replied or readable(text))):
            return Routing((), garbage=True)
        emergency = self._is_emergency(text)
        if chat:
            return Routing((), chat=chat, emergency=emergency)
        foreign = is_foreign(text)
        chance = 0.0 if foreign and not self.domain.search(text) else likely(text)
        wishes: list[Wish] = []
        declined: list[str] = []
        words: list[str] = []
        best = 0.0
        parts = questions_in(text)
        asides = self._asides(parts, likely)
        for sentence in parts:
            ours, out = self._ours(sentence, likely, chance)
            if not out and sentence in asides:
                ours, out = "", kind(sentence) or DEFAULT
            declined += [out] if out else []
            if not ours:
                continue
            found = [m.group() for m in self.domain.finditer(ours)]
            near = self.near.search(ours) is not None
            words += found
            evidence = min(1.0, 0.5 * bool(found) + 0.2 * len(found) + 0.3 * near)
            best = max(best, evidence)
            anchored = has_facts or open_case or chance >= GENUINE
            wishes += self._wishes(ours, evidence, anchored, len(said) <= SHORT)
        known = words or has_facts or open_case or chance >= GENUINE or len(said) <= SHORT
        if not known and best < 0.3:
            wishes = [w for w in wishes if w.want in ("reset", "summary")]
        if not (wishes or declined or has_facts or open_case) and chance >= GENUINE:
            # A trouble told without a question: what is known of it is asked.
            wishes = [Wish("lookup", text, chance)] if len(said) > SHORT else []
        strange = chance < (FAR if words else UNLIKELY) and len(said) > WORD
        if has_facts and not asks(text):
            strange = chance < TOLD and len(said) > WORD
        if open_case:
            strange = chance < FARTHEST and not has_facts and len(said) > SHORT
        strange = strange and self.certain.search(text) is None
        if strange and not asides and not declined and not emergency:
            wishes = [w for w in wishes if w.want in ("reset", "summary", "why")]
            declined = [] if wishes else [kind(text) or DEFAULT]
        return Routing(
            tuple(_merge(wishes, ("lookup",) if has_facts or open_case else ("lookup", "verdict"))),
            tuple(dict.fromkeys(declined)),
            emergency=emergency,
            in_scope=best,
            domain_words=tuple(words),
            foreign=foreign,
        )

    def _is_emergency(self, text: str) -> bool:
        """Something happens now that asks for 120, and nobody is looking after the person yet."""
        alarm = self.happening.search(text) or self.emergency.hit(text)
        return alarm is not None and self.over.search(text) is None

    def signs(self, text: str) -> tuple[int, bool, bool]:
        """(words of the subject, a word near it, a cue of another subject)."""
        words = len(self.domain.findall(text))
        return words, self.near.search(text) is not None, any(o.hit(text) for o in self.outs)

    def figure_asked(self, text: str) -> tuple[int, int] | None:
        """Where ``text`` asks about a figure of the answer before it; it tells none of a case."""
        found = next(i for i in self.intents if i.name == "why").hit(text)
        return found.span() if found else None

    def after_reset(self, text: str) -> str:
        """What follows the words that start a new case; empty when nothing does."""
        reset = next(i for i in self.intents if i.name == "reset")
        found = reset.hit(text)
        rest = text[found.end() :] if found else ""
        return rest.strip(" ,，:：。.、!！") if len(re.sub(r"[\W_]+", "", rest)) > 3 else ""

    def _ours(
        self, sentence: str, likely: Callable[[str], float], chance: float
    ) -> tuple[str, str | None]:
        """What of ``sentence`` is within the subject, and the reply to what is not.

        ``chance``: that of the whole message, to which a few words leave their subject.
        """
        named = sorted((o for o in self.outs if o.named(sentence)), key=_excused_in(sentence))
        for out in named:
            clauses = _ASIDE.split(sentence)
            rest = "，".join(c for c in clauses if not out.named(c))
            if not self.domain.search(rest):
                continue
            if out.name == INJECTION:
                return rest, out.name
            aside = "，".join(c for c in clauses if out.named(c))
            both = _QUESTION.search(rest) and _QUESTION.search(aside)
            asked = both is not None and likely(rest) >= DOUBTFUL
            if asked and not out.excused(aside) and likely(aside) < DOUBTFUL:
                return rest, out.name
        if not named or _NOT_ASKED.search(sentence):
            return sentence, None
        excused = named[0].excused(sentence)
        if excused and len(sentence) <= SHORT and chance >= SURE:
            return sentence, None
        kept = DOUBTFUL if excused else SURE
        if named[0].name != INJECTION and likely(sentence) >= kept:
            return sentence, None
        return "", named[0].name

    def _asides(self, parts: list[str], likely: Callable[[str], float]) -> list[str]:
        """Questions of another subject, named by no cue, beside one that is surely of ours."""
        if len(parts) < 2 or all(likely(part) < SURE for part in parts):
            return []
        asked = (p for p in parts if len(p) > SHORT and _QUESTION.search(p) and asks(p))
        strange = (p for p in asked if not self.domain.search(p) and not self.near.search(p))
        return [p for p in strange if likely(p) < FAR]

    def _part(self, sentence: str, at: int, wishes: int) -> str:
        """The clause at ``at`` with the sentence's subject, when it holds several wishes."""
        if wishes < 2:
            return sentence
        begin = max(sentence.rfind(mark, 0, at) for mark in ",，、") + 1
        ends = [e for mark in ",，、" if (e := sentence.find(mark, at)) >= 0]
        clause = sentence[begin : min(ends, default=len(sentence))]
        return f"{subject_of(sentence, clause)} {clause}".strip()

    def _wishes(self, sentence: str, evidence: float, anchored: bool, short: bool) -> list[Wish]:
        hits = [(m.start(), i.name) for i in self.intents if (m := i.hit(sentence))]
        if any(name == "reset" for _, name in hits):
            return [Wish("reset", sentence, 1.0)]
        wanted: list[Wish] = [
            Wish(name, self._part(sentence, at, len(hits)), 0.6 + 0.4 * evidence)  # type: ignore[arg-type]
            for at, name in sorted(hits)
            if evidence > 0 or anchored or short or name == "summary"
        ]
        if not wanted and _QUESTION.search(sentence) and (evidence > 0 or anchored):
            wanted = [Wish("lookup", sentence, 0.4 + 0.6 * evidence)]
        return wanted


def subject_of(sentence: str, clause: str) -> str:
    """What ``sentence`` is about and ``clause`` leaves unsaid, at most two words of it."""
    words = read_toml("scope.toml")["clause_subject"]
    return "".join([w for w in words if w in sentence and w not in clause][:2])


def names_subject(text: str) -> bool:
    """The words name what they are about."""
    return any(word in text for word in read_toml("scope.toml")["clause_subject"])


def asks(text: str) -> bool:
    """The words ask for something; what they say is not known or forgotten is not asked."""
    return _ASKING.search(without_unknown(text)) is not None


def without_unknown(text: str) -> str:
    """``text`` without the words that tell of not knowing (哪天办的忘了)."""
    return re.sub("|".join(read_toml("scope.toml")["forgotten"]), "", text)


def questions_in(text: str) -> list[str]:
    """The sentences of a message; one that asks several things is cut before each further one."""
    parts: list[str] = []
    for sentence in _SPLIT.findall(_apart(_NUMBERED.sub("；", text))):
        begun = asked = ""
        for clause in _CLAUSE.findall(sentence):
            rest = _CONFIRMS.sub("", _ASKING.sub("", clause))
            least = _OPEN_OWN if _OPEN.search(clause) else _OWN
            if asks(clause) and len(rest) >= least and not _NOT_ASKED.search(clause):
                if asked:
                    parts.append(asked)
                    begun = ""
                asked = begun = begun + clause
            elif asked:
                asked = begun = begun + clause
            else:
                begun += clause
        parts.append(asked or begun)
    return [p for p in parts if p]


def _apart(text: str) -> str:
    """``text`` with 备案的流程、材料和有效期 as one question a thing."""
    words = read_toml("scope.toml")["listed"]
    one, joint = words["one"], words["joint"]
    lead = rf"(?:{words['lead']})*"
    several = re.compile(rf"{lead}([^。！？!?；;\n,，]*?)((?:{one})(?:(?:{joint})+(?:{one}))+)")
    return several.sub(lambda m: "；".join(m[1] + w for w in re.findall(one, m[2])), text)


def _excused_in(sentence: str) -> Callable[[_Cues], bool]:
    return lambda cues: cues.excused(sentence)


def _merge(wishes: list[Wish], apart: tuple[Want, ...]) -> list[Wish]:
    """One wish a kind; those of several sentences that stay ``apart`` are different questions."""
    merged: list[Wish] = []
    for wish in wishes:
        if wish.want == "verdict" and any(w.sentence == wish.sentence for w in merged):
            continue
        if wish.want not in apart and any(w.want == wish.want for w in merged):
            continue
        merged.append(wish)
    return merged
