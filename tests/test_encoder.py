"""The encoder: numpy look-ups give sentence-transformers' vectors, training is repeatable."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models

from assistant.encoder import SHIPPED, EncoderError, StaticEncoder, open_encoder, unit
from assistant.tokens import PairTokens
from assistant.training import Example, Recipe, save, train

TEXTS = [
    "临时外出的备案能用多久",
    "备了案，为什么还是刷不了？",
    "ＡＢＣ 12393　全角与空格\n换行",
    "葡萄糖酸钙",
    "hello",
    "",
    "😀",
    "报" * 500,
]
EXAMPLES = [
    Example("临时外出的备案至少管6个月", ("临时备案多久有效", "备案能用几个月")),
    Example("急诊抢救视同已经备案", ("急诊没备案怎么办", "抢救要先备案吗")),
    Example("手工报销要带发票和清单", ("回去报销带什么", "报销要哪些材料")),
]
TOKENS = PairTokens.of(["备案表", "报销表abz1", "备案报销"], 20)
STANDARD = TOKENS.tokenizer()
TINY = Recipe(dim=16, pairs=20, epochs=5, batch=4)


def test_same_vectors_as_sentence_transformers() -> None:
    sentence_transformers = pytest.importorskip("sentence_transformers")
    model = sentence_transformers.SentenceTransformer(str(SHIPPED), device="cpu")
    reference = model.encode(TEXTS, convert_to_numpy=True)
    ours = open_encoder().encode(TEXTS)
    assert ours.shape == reference.shape
    assert np.abs(ours - reference).max() < 1e-5


def test_langchain_embeddings_are_the_same_vectors() -> None:
    encoder = open_encoder()
    rows = encoder.encode(TEXTS)
    assert np.allclose(encoder.embed_documents(TEXTS), rows)
    assert np.allclose(encoder.embed_query(TEXTS[0]), rows[0])


def test_unknown_and_empty_texts_have_no_direction() -> None:
    rows = open_encoder().encode(["", "😀😀", "备案"])
    assert not rows[0].any()
    assert not rows[1].any()
    assert np.linalg.norm(rows[2]) == pytest.approx(1.0, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_a_unit_vector_or_nothing(text: str) -> None:
    row = open_encoder().encode([text])[0]
    assert np.isfinite(row).all()
    norm = float(np.linalg.norm(row))
    assert norm == pytest.approx(1.0, abs=1e-4) or norm == 0.0


def test_vectors_do_not_depend_on_the_batch() -> None:
    encoder = open_encoder()
    together = encoder.encode(TEXTS)
    alone = np.vstack([encoder.encode([t]) for t in TEXTS])
    assert np.array_equal(together, alone)


def test_opening_the_shipped_encoder_imports_no_heavy_library() -> None:
    code = (
        "import sys; from assistant.encoder import open_encoder; open_encoder().encode(['备案']);"
        "print([m for m in ('torch','transformers','sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_training_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        save(train(EXAMPLES, TINY), tmp_path / name)
    for path in sorted((tmp_path / "a").rglob("*.*")):
        twin = tmp_path / "b" / path.relative_to(tmp_path / "a")
        assert path.read_bytes() == twin.read_bytes()


def test_training_brings_questions_to_their_passages(tmp_path: Path) -> None:
    save(train(EXAMPLES, TINY), tmp_path / "model")
    encoder = StaticEncoder.open(tmp_path / "model")
    passages = encoder.encode([e.text for e in EXAMPLES])
    for n, example in enumerate(EXAMPLES):
        nearest = (encoder.encode(list(example.questions)) @ passages.T).argmax(axis=1)
        assert nearest.tolist() == [n, n]


def test_a_trained_folder_loads_without_trusting_remote_code(tmp_path: Path) -> None:
    sentence_transformers = pytest.importorskip("sentence_transformers")
    encoder = train(EXAMPLES, TINY)
    save(encoder, tmp_path / "model")
    model = sentence_transformers.SentenceTransformer(str(tmp_path / "model"), device="cpu")
    assert np.allclose(model.encode(["报销带什么"]), encoder.encode(["报销带什么"]), atol=1e-6)


def test_pairs_overlap() -> None:
    tokens = PairTokens.of(["备案表", "备案表"], 10)
    names = {n: t for t, n in (*tokens.letters.items(), *tokens.pairs.items())}
    assert [names[i] for i in tokens.ids("备案 表")] == ["备", "备案", "案", "案表", "表"]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("备案表報报销ＡbZ1 \n，。😀②Σ"), max_size=40))
def test_own_tokens_are_the_standard_tokenizers_tokens(text: str) -> None:
    standard = sorted(STANDARD.encode(text, add_special_tokens=False).ids)
    assert sorted(TOKENS.ids(text)) == standard


def test_tokens_are_read_back_from_the_standard_form(tmp_path: Path) -> None:
    STANDARD.save(str(tmp_path / "tokenizer.json"))
    assert PairTokens.read(tmp_path / "tokenizer.json") == TOKENS


def test_any_other_tokenizer_is_left_to_its_library(tmp_path: Path) -> None:
    other = Tokenizer(models.WordLevel({"[UNK]": 0, "备案": 1}, unk_token="[UNK]"))
    other.save(str(tmp_path / "tokenizer.json"))
    assert PairTokens.read(tmp_path / "tokenizer.json") is None


def test_the_fingerprint_follows_the_weights(tmp_path: Path) -> None:
    save(train(EXAMPLES, TINY), tmp_path / "a")
    save(train(EXAMPLES, Recipe(dim=16, pairs=20, epochs=5, batch=4, seed=8)), tmp_path / "b")
    first, second = StaticEncoder.open(tmp_path / "a"), StaticEncoder.open(tmp_path / "b")
    assert first.fingerprint == StaticEncoder.open(tmp_path / "a").fingerprint
    assert first.fingerprint != second.fingerprint


def test_a_folder_that_is_no_static_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=str(tmp_path)):
        StaticEncoder.open(tmp_path)
    (tmp_path / "modules.json").write_text(
        json.dumps(
            [
                {"idx": 0, "name": "0", "path": "0_StaticEmbedding", "type": "x.StaticEmbedding"},
                {"idx": 1, "name": "1", "path": "1_Normalize", "type": "x.Normalize"},
            ]
        )
    )
    with pytest.raises(EncoderError, match=r"model\.safetensors"):
        StaticEncoder.open(tmp_path)


def test_unit_keeps_zero_rows() -> None:
    rows = unit(np.array([[3.0, 4.0], [0.0, 0.0]], dtype=np.float32))
    assert rows.tolist() == [[pytest.approx(0.6), pytest.approx(0.8)], [0.0, 0.0]]
