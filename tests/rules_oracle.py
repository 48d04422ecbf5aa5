"""A second, plain implementation of the amounts, written apart from ``rules``: brute force.

Only lowest and highest share and the way of settling. Tables are typed again on purpose: a slip in
a pack and a slip here do not fall together.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction as F
from itertools import product
from typing import Any

from rules.facts import Facts

LEVELS = ("village", "township", "community", "unrated", "level1", "level2", "level3")
BELOW = LEVELS[:5]
NAMED = ("level1", "township", "community")
LONG = ("retiree_resettled", "long_term_resident", "posted_worker")
FILINGS = (*LONG, "referral", "emergency", "temporary", "none")
D23, D20, D25 = date(2023, 1, 1), date(2020, 1, 1), date(2025, 1, 1)


def steps(levels: tuple[str, ...], one: object, two: object, three: object) -> dict[str, Any]:
    return {**dict.fromkeys(levels, one), "level2": two, "level3": three}


def bijie_out(x: dict[str, Any]) -> dict[str, Any]:
    table = {"village": 90, **dict.fromkeys(BELOW[1:], 85), "level2": 60}
    return {"r": table.get(x["level"]), "acap": [500], "from": D25}


def bijie_in(x: dict[str, Any]) -> dict[str, Any]:
    table = {"township": [60, 90], "level2": [40], "level3": [20, 30]}
    return {"r": table.get(x["level"]), "from": D25}


def karamay_out(x: dict[str, Any]) -> dict[str, Any]:
    lv = x["level"]
    return {
        "d": steps(BELOW, 20, 40, 90)[lv],
        "r": steps(BELOW, 80, 70, 60)[lv],
        "vcap": steps(BELOW, 300, 800, 1300)[lv],
        "acap": [4000 if x["status"] == "working" else 6000],
        "from": D25,
    }


def karamay_in(x: dict[str, Any]) -> dict[str, Any]:
    return {"d": 100, "r": 65 if x["level"] == "level1" else None, "from": D25}


def zjk_out(x: dict[str, Any]) -> dict[str, Any]:
    if x["status"] == "working":
        return {"d": 1800, "r": 50}
    return {"d": 1300, "r": 70 if x["age"] < 70 else 80}


def zjk_in(x: dict[str, Any]) -> dict[str, Any]:
    return {"r": {1: 82, 2: 87, 3: 92}[x["fee"]]}


def jx_prov(x: dict[str, Any]) -> dict[str, Any]:
    return {"d": steps(BELOW, 200, 500, 800)[x["level"]], "r": steps(BELOW, 95, 90, 85)[x["level"]]}


def jx_emp_out(x: dict[str, Any]) -> dict[str, Any]:
    old = x["status"] == "retired"
    ratio = steps(BELOW, 65, 60, 55)[x["level"]] + (5 if old else 0)
    return {"year_d": 300, "r": ratio, "acap": [3000 if old else 2000]}


def jx_res_out(x: dict[str, Any]) -> dict[str, Any]:
    ratio = 40 if x["kind"] == "county_tcm" else 65 if x["level"] in BELOW else None
    return {"d": 0, "r": ratio}


def nc_emp_in(x: dict[str, Any]) -> dict[str, Any]:
    return {**jx_prov(x), "acap": [100000]}


def nc_res_in(x: dict[str, Any]) -> dict[str, Any]:
    d, r = steps(BELOW, 100, 400, 600), steps(BELOW, 90, 80, 60)
    return {"d": d[x["level"]], "r": r[x["level"]], "acap": [100000]}


def nc_res_out(x: dict[str, Any]) -> dict[str, Any]:
    if x["kind"] == "county_tcm":
        return {"d": 0, "r": 40}
    return {"d": 0, "r": (65 if x["fam"] else 60) if x["level"] in BELOW else None}


def xianning(x: dict[str, Any]) -> dict[str, Any]:
    rows = {
        "natural": (2000, 2200, 2500),
        "assisted": (2100, 2400, 2800),
        "induction": (1400, 1700, 2000),
        "abortion": (1000, 1200, 1500),
    }
    amounts = dict(zip(("level1", "level2", "level3"), rows.get(x["birth"], ()), strict=False))
    return {"fixed": amounts.get(x["level"]), "from": D25}


def henan(x: dict[str, Any]) -> dict[str, Any]:
    return {"d": 0, "r": 60, "acap": [400]}


def mm_res_in(x: dict[str, Any]) -> dict[str, Any]:
    later = (x["count"] or 1) > 1
    d = {"township": 100, "level1": 200, "unrated": 200, "level2": 250 if later else 350}
    r = {"township": 90, "level1": 85, "unrated": 85, "level2": 75, "level3": 65}
    return {"d": d.get(x["level"], 600), "r": r.get(x["level"])}


def mm_res_out(x: dict[str, Any]) -> dict[str, Any]:
    table = {"village": 60, "township": 40, "level2": 30, "level3": 20}
    return {"r": table.get(x["level"])}


def mm_old(x: dict[str, Any]) -> dict[str, Any]:
    return {"d": 1300, "r": 85 if x["age"] < 70 else 90 if x["age"] < 75 else 95, "acap": [300000]}


def none_stated(x: dict[str, Any]) -> dict[str, Any]:
    return {"r": None}


def wn_emp_in(x: dict[str, Any]) -> dict[str, Any]:
    more = 2 if x["status"] == "retired" else 0
    r = steps(NAMED, 90, 88, 86).get(x["level"])
    d = steps(NAMED, 200, 500, 1000).get(x["level"])
    return {"d": d, "r": r and r + more, "acap": [350000], "from": D23}


def wn_emp_out(x: dict[str, Any]) -> dict[str, Any]:
    old = x["status"] == "retired"
    r = steps(NAMED, 65, 55, 50).get(x["level"])
    cap = [1200 if old else 1000]
    return {"year_d": 200, "r": r and r + 2 * old, "acap": cap, "from": D23}


def wn_res_in(x: dict[str, Any]) -> dict[str, Any]:
    d, r = steps(NAMED, 200, 500, 1000), steps(NAMED, 90, 80, 65)
    return {"d": d.get(x["level"]), "r": r.get(x["level"]), "acap": [130000], "from": D20}


def wn_res_out(x: dict[str, Any]) -> dict[str, Any]:
    r = {"village": 70, "township": 60, "community": 60, "level2": 0, "level3": 0}
    return {"d": 0, "r": r.get(x["level"]), "acap": [150], "from": D20}


def xy_res_in(x: dict[str, Any]) -> dict[str, Any]:
    lv = x["level"]
    if x["place"] == "outside":
        row = 0 if x["filing"] in LONG else 1 if x["filing"] in ("referral", "emergency") else 2
        table = steps(NAMED, (90, 80, 70), (70, 70, 60), (50, 50, 40))
        d = steps(NAMED, 160, 1500, 3000).get(lv)
        return {"d": d, "r": table[lv][row] if lv in table else None, "acap": [200000], "from": D25}
    if lv == "level3" and x["kind"] == "top_level3":
        return {"d": 3000, "r": 50, "acap": [200000]}
    d, r = steps(NAMED, 160, 550, 1500), steps(NAMED, 90, 75, 60)
    return {"d": d.get(lv), "r": r.get(lv), "acap": [200000]}


def xy_emp_out(x: dict[str, Any]) -> dict[str, Any]:
    old = x["status"] == "retired"
    r = steps(NAMED, 70, 60, 50).get(x["level"])
    return {"year_d": 260, "r": r and r + 5 * old, "acap": [1700 if old else 1500]}


def xy_res_out(x: dict[str, Any]) -> dict[str, Any]:
    r, cap = {"village": 70, "township": 60}, {"village": 30, "township": 40}
    return {"r": r.get(x["level"]), "vcap": cap.get(x["level"]), "acap": [120]}


def nmg(x: dict[str, Any]) -> dict[str, Any]:
    return {"r": {"township": 60, "level2": 40, "level3": 30}.get(x["level"])}


def rural(x: dict[str, Any]) -> dict[str, Any]:
    level = x["level"]
    return {"d": {"township": 100}.get(level, 200), "r": {"township": 90, "level2": 82}.get(level)}


PACKS: dict[tuple[str, str, str], Any] = {
    ("5205", "resident", "outpatient"): bijie_out,
    ("5205", "employee", "outpatient"): none_stated,
    ("5205", "resident", "inpatient"): bijie_in,
    ("6502", "employee", "outpatient"): karamay_out,
    ("6502", "employee", "inpatient"): karamay_in,
    ("1307", "employee", "outpatient"): zjk_out,
    ("1307", "employee", "inpatient"): zjk_in,
    ("36", "employee", "outpatient"): jx_emp_out,
    ("36", "resident", "outpatient"): jx_res_out,
    ("3601", "employee", "inpatient"): nc_emp_in,
    ("3601", "resident", "inpatient"): nc_res_in,
    ("3601", "resident", "outpatient"): nc_res_out,
    ("4212", "employee", "maternity"): xianning,
    ("4212", "resident", "maternity"): xianning,
    ("41", "resident", "outpatient"): henan,
    ("4409", "resident", "inpatient"): mm_res_in,
    ("4409", "resident", "outpatient"): mm_res_out,
    ("4409", "employee", "inpatient"): mm_old,
    ("4409", "resident", "chronic_outpatient"): none_stated,
    ("11", "employee", "inpatient"): none_stated,
    ("6105", "employee", "inpatient"): wn_emp_in,
    ("6105", "employee", "outpatient"): wn_emp_out,
    ("6105", "resident", "inpatient"): wn_res_in,
    ("6105", "resident", "outpatient"): wn_res_out,
    ("6104", "resident", "inpatient"): xy_res_in,
    ("6104", "employee", "outpatient"): xy_emp_out,
    ("6104", "resident", "outpatient"): xy_res_out,
}
ONLY = {("4409", "employee", "inpatient"): "retired", ("1307", "employee", "inpatient"): "working"}


def find(f: Facts, ins: str, care: str, status: str | None) -> Any:
    """The city's table, else its province's; 省本级 and 新农合 only when said."""
    if f.insured_region is None:
        return rural if f.rural_scheme and care == "inpatient" else None
    code = f.insured_region.code
    if code[:2] == "36" and f.provincial_scheme and (ins, care) == ("employee", "inpatient"):
        return jx_prov
    if code[:2] == "15" and f.rural_scheme and care == "inpatient":
        return nmg
    for place in (code, code[:2]):
        key = (place, ins, care)
        if key in PACKS and (status is None or ONLY.get(key) in (None, status)):
            return PACKS[key]
    return None


def place_of(f: Facts) -> str:
    a, b = f.insured_region, f.treatment_region
    if a is not None and b is not None:
        if a.code[:2] != b.code[:2]:
            return "outside"
        return "home" if a.code == b.code else "inside"
    if f.same_province:
        return "inside"
    if f.same_province is False or f.filing_type is not None:
        return "outside"
    return "maybe" if b is not None else "unstated"


def cut_of(f: Facts, x: dict[str, Any], known_ins: str | None) -> tuple[list[Any], bool]:
    """Pairs of method and n, and whether the region's own cut begins only later."""
    code = f.insured_region.code if f.insured_region else ""
    kind = x["filing"]
    if x["place"] in ("home", "unstated") or kind == "local":
        return [("points", 0)], False
    group = 0 if kind in LONG else 1 if kind == "referral" else 2 if kind == "emergency" else 3
    if code[:2] == "32" and not (x["place"] == "inside" and x["day"] < D23):
        return [("points", n) for n in ((0,), (0, 5), (0,), (0, 20))[group]], x["day"] < D23
    if x["place"] == "inside":
        return [("points", 0)], False
    if code[:2] == "36" and x["care"] == "inpatient":
        return [("prepay", (0, 10, 10, 20)[group])], False
    if code == "6105":
        return [(m, (0, 10, 10, 20)[group]) for m in ("points", "factor")], x["day"] < D23
    if code == "6104" and (x["ins"], x["care"]) == ("resident", "inpatient"):
        return [("points", 0)], False
    if known_ins == "employee" and x["care"] == "outpatient":
        return [("points", 0)], False
    rows = ((0,), (5, 10), (0, 10), (10, 20))
    return [("points", n) for n in rows[group]], False


def pay(f: Facts, t: dict[str, Any], method: str, n: int, acap: Any, joins: dict[str, bool]) -> F:
    """The exact share under one reading of everything."""

    def cut(percent: int) -> F:
        r = F(percent, 100)
        if method == "points":
            return max(r - F(n, 100), F(0))
        return r * (1 - F(n, 100)) if method == "factor" else r

    money = {k: F(getattr(f.items, k) or 0) for k in ("class_b", "high_price_drug", "special_exam")}
    rest = F(f.total_cost or 0) - F(f.items.excluded or 0)
    if "fixed" in t:
        return min(F(t["fixed"]), rest)
    parts = (
        {"ordinary": rest - sum(money.values()), **money} if t.get("ref") else {"ordinary": rest}
    )
    if method == "prepay":
        parts = {k: v * (1 - F(n, 100)) for k, v in parts.items()}
    left = taken = F(t["d"])
    for k in parts:
        bite = min(left, parts[k])
        parts[k] -= bite
        left -= bite
    bottom = taken - left
    total, ordinary = F(0), parts["ordinary"]
    own = {"class_b": 80, "high_price_drug": 70, "special_exam": 70}
    for k, percent in own.items():
        if joins.get(k):
            ordinary += parts[k] * F(percent, 100)
        elif k in parts:
            total += parts[k] * cut(percent)
    if t.get("ref"):
        edges = [(0, 3000, 88), (3000, 5000, 90), (5000, 10000, 92), (10000, 10**12, 95)]
        top = bottom + ordinary
        for low, high, percent in edges:
            total += max(min(top, F(high)) - max(bottom, F(low)), F(0)) * cut(percent)
    else:
        total += ordinary * cut(t["r_one"])
    if t.get("vcap") is not None:
        total = min(total, F(t["vcap"]))
    if acap is not None:
        total = min(total, max(F(acap) - F(f.paid_this_year or 0), F(0)))
    return total


def half_up(x: F) -> Decimal:
    cents = (x.numerator * 100) / Decimal(x.denominator)
    return (cents.quantize(Decimal(1), ROUND_HALF_UP) / 100).quantize(Decimal("0.01"))


def combinations(f: Facts) -> Iterator[dict[str, Any]]:
    """Every way of filling in what was not said."""
    code = f.insured_region.code if f.insured_region else ""
    place = place_of(f)
    level = f.facility_level or ("level3" if f.facility_kind == "top_level3" else None)
    axes: dict[str, tuple[Any, ...]] = {
        "level": (level,) if level else LEVELS,
        "status": (f.person_status,) if f.person_status else ("working", "retired"),
        "age": (f.age,) if f.age is not None else (30, 69, 70, 74, 75, 90),
        "fee": (f.fee_class,) if f.fee_class else (1, 2, 3) if code == "1307" else (1,),
        "fam": (f.family_doctor,) if f.family_doctor is not None else (True, False),
        "birth": (f.maternity_kind,) if f.maternity_kind else ("natural", "assisted"),
        "kind": (f.facility_kind,) if f.facility_kind else (None, "top_level3"),
        "filing": (f.filing_type,) if f.filing_type else FILINGS,
    }
    if not f.filing_type:
        if place in ("home", "unstated") or (place == "inside" and code[:2] != "32"):
            axes["filing"] = ("local",)
        elif place == "maybe":
            axes["filing"] = ("local", *FILINGS)
    if code != "6104":
        axes["kind"] = (f.facility_kind,)
    if code != "3601":
        axes["fam"] = (True,)
    day = f.discharged_on or f.admitted_on
    for values in product(*axes.values()):
        yield {**dict(zip(axes, values, strict=True)), "place": place, "day": day}


def oracle(f: Facts, today: date) -> tuple[Decimal, Decimal] | None:
    """Lowest and highest share of the fund; None: no amount."""
    ins_said = f.insurance_type or ("employee" if f.person_status else None)
    if ins_said != "resident" and not f.rural_scheme and not f.person_status:
        f = f.model_copy(update={"person_status": "working" if (f.age or 99) < 45 else None})
    ins_said = ins_said or ("resident" if f.rural_scheme else None)
    care_said = f.care_type or ("maternity" if f.maternity_kind else None)
    if care_said is None and (f.discharged_on or f.admission_count):
        care_said = "inpatient"
    kinds = (ins_said,) if ins_said else ("employee", "resident")
    cares = (care_said,) if care_said else ("inpatient", "outpatient")
    if f.rural_scheme and f.insured_region is None and care_said is None:
        cares = ("inpatient",)
    any_pack = any(find(f, i, c, f.person_status) for i in kinds for c in cares)
    reference = not any_pack
    assumed = None
    if reference:
        if care_said == "maternity":
            return None
        cares = (care_said or "inpatient",)
        if not ins_said and not (place_of(f) == "outside" and cares[0] == "outpatient"):
            kinds, assumed = ("employee",), True
    amounts: set[Decimal] = set()
    seen: dict[Any, Decimal] = {}
    for ins, care, x in product(kinds, cares, list(combinations(f))):
        x = {**x, "ins": ins, "care": care, "count": f.admission_count, "day": x["day"] or today}
        table = find(f, ins, care, x["status"] if ins == "employee" else None)
        if reference:
            caps: dict[Any, list[int]] = {
                ("employee", "inpatient"): [300000],
                ("resident", "inpatient"): [200000],
                ("employee", "outpatient"): [20000],
                ("resident", "outpatient"): [2000, 3000],
            }
            t: dict[str, Any] = {"ref": True, "acap": caps.get((ins, care), [None])}
        elif table is None:
            continue
        else:
            t = table(x)
        if not t.get("ref") and t.get("r") is None and t.get("fixed") is None:
            continue
        cuts, later = cut_of(f, x, None if assumed else ins)
        if later or x["day"] < t.get("from", date.min):
            continue
        if "year_d" in t:
            t["d"] = 0 if (f.paid_this_year or 0) > 0 else t["year_d"]
        if t.get("d") is None:
            t["d"] = f.deductible or 0
        ratios = t["r"] if isinstance(t.get("r"), list) else [t.get("r")]
        named = [k for k in ("class_b", "high_price_drug", "special_exam") if getattr(f.items, k)]
        for (m, n), r, acap in product(cuts, ratios, t.get("acap", [None])):
            for flags in product((False, True), repeat=len(named) if t.get("ref") else 0):
                joins = dict(zip(named, flags, strict=False))
                key = (str({**t, "acap": 0}), m, n, r, acap, flags)
                if key not in seen:
                    seen[key] = half_up(pay(f, {**t, "r_one": r}, m, n, acap, joins))
                amounts.add(seen[key])
    return (min(amounts), max(amounts)) if amounts else None
