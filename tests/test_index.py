"""The index: built once, mended when damaged, safe at a double start, the same by any store."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from chroma_server import ChromaServer
from retrieval_fakes import ToyEncoder

from assistant.encoder import Matrix
from assistant.index import Index, Options, best, open_index
from assistant.indexing import Passage, index_key
from assistant.vectors import StoreError

PASSAGES = [
    Passage("a", "临时外出的备案至少管6个月", "临时备案能用多久", ("临时备案几个月",)),
    Passage("b", "急诊抢救视同已经备案", "急诊没备案怎么办", ("抢救要备案吗", "急诊要先登记吗")),
    Passage("c", "手工报销要带发票和费用清单", "手工报销带什么", scope="32"),
    Passage("d", "长期居住要居住证明或者承诺书", "长期备案的材料", scope="44"),
    Passage("e", "社保卡丢了用医保电子凭证"),
]


SHARED = [Passage(f"{p.id}-shared", p.text, p.title, p.questions, p.scope) for p in PASSAGES]


def built(folder: Path, encoder: ToyEncoder | None = None) -> Index:
    return open_index(PASSAGES, encoder or ToyEncoder(), Options(folder))


def query(index: Index, text: str) -> Matrix:
    row: Matrix = index.encoder.encode([text])[0]
    return row


def cosines(index: Index, vector: Matrix, count: int, scopes: set[str] | None) -> list[float]:
    """Of the passages found near: equal where several passages tie."""
    found = index.near(vector, count, scopes)
    return sorted(round(float(c), 4) for c in index.similarity(vector, found))


def homes(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.is_dir())


def test_opened_again_nothing_is_encoded(tmp_path: Path) -> None:
    first = built(tmp_path)
    encoder = ToyEncoder()
    second = built(tmp_path, encoder)
    assert encoder.encoded == []
    assert np.array_equal(first.vectors, second.vectors)
    assert homes(tmp_path) == [index_key(PASSAGES, encoder)]


def test_a_passage_lies_between_its_text_title_and_questions(tmp_path: Path) -> None:
    index = built(tmp_path)
    for n, p in enumerate(PASSAGES):
        texts = [p.words, *([p.title] if p.title else []), *p.questions]
        weights = [3.0, *([3.0] if p.title else []), *(1.0 for _ in p.questions)]
        centre = (ToyEncoder().encode(texts) * np.array(weights)[:, None]).sum(axis=0)
        assert np.allclose(index.vectors[n], centre / np.linalg.norm(centre), atol=1e-6)


def test_key_follows_every_part_of_the_content() -> None:
    keys = {
        index_key(passages, encoder)
        for passages, encoder in (
            (PASSAGES, ToyEncoder()),
            (PASSAGES, ToyEncoder("other")),
            (PASSAGES[:-1], ToyEncoder()),
            ([replace(PASSAGES[0], id="z"), *PASSAGES[1:]], ToyEncoder()),
            ([replace(PASSAGES[0], text="别的"), *PASSAGES[1:]], ToyEncoder()),
            ([replace(PASSAGES[0], title="别的"), *PASSAGES[1:]], ToyEncoder()),
            ([replace(PASSAGES[0], questions=()), *PASSAGES[1:]], ToyEncoder()),
            ([replace(PASSAGES[0], scope="32"), *PASSAGES[1:]], ToyEncoder()),
        )
    }
    assert len(keys) == 8


def test_a_new_passage_costs_its_own_texts_only(tmp_path: Path) -> None:
    built(tmp_path)
    encoder = ToyEncoder()
    more = [
        *PASSAGES[:2],
        Passage("new", "学生放假回家看病", "放假看病", ("暑假怎么报",)),
        *PASSAGES[3:],
    ]
    index = open_index(more, encoder, Options(tmp_path))
    assert encoder.encoded == ["放假看病\n学生放假回家看病", "放假看病", "暑假怎么报"]
    stored = {d.metadata["scope"]: d for d in index.store.similarity_search("放假", k=10)}
    assert set(stored) == {"", "44"}  # the passage taken out left the store, too
    assert len(index.store.similarity_search("放假", k=10)) == len(more)


@pytest.mark.parametrize(
    "name", ["vectors.npy", "ids.npy", "lexical/data.csc.index.npy", "lexical/vocab.index.json"]
)
@pytest.mark.parametrize("damage", ["gone", "cut", "changed"])
def test_a_damaged_index_is_built_again(tmp_path: Path, name: str, damage: str) -> None:
    whole = built(tmp_path).vectors.copy()
    path = tmp_path / homes(tmp_path)[0] / name
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(content[:-5] if damage == "cut" else content[:-1] + b"\x01")
    mended = built(tmp_path)
    assert np.array_equal(mended.vectors, whole)
    assert (tmp_path / homes(tmp_path)[0] / name).read_bytes() == content
    assert len(homes(tmp_path)) == 1


@pytest.mark.parametrize("content", ["", "{", "[]", '{"files": {}}', '{"files": 3}'])
def test_a_broken_manifest_is_no_manifest(tmp_path: Path, content: str) -> None:
    built(tmp_path)
    (tmp_path / homes(tmp_path)[0] / "manifest.json").write_text(content)
    built(tmp_path)
    encoder = ToyEncoder()
    built(tmp_path, encoder)
    assert encoder.encoded == []


def test_a_damaged_store_is_mended_from_the_image(tmp_path: Path) -> None:
    built(tmp_path)
    chroma = tmp_path / homes(tmp_path)[0] / "chroma"
    shutil.rmtree(chroma)
    assert len(built(tmp_path).store.similarity_search("备案", k=10)) == len(PASSAGES)


def test_the_store_answers_as_the_image_does(tmp_path: Path) -> None:
    image = built(tmp_path)
    store = open_index(PASSAGES, ToyEncoder(), Options(tmp_path, image_limit=0))
    assert image.by_image and not store.by_image
    for scopes in (None, {""}, {"", "32"}, {"44"}):
        for text in ("备案几个月", "发票清单", "社保卡", "证明", "急诊"):
            vector = query(image, text)
            for count in (1, 3, 10):
                by_image = cosines(image, vector, count, scopes)
                assert cosines(store, vector, count, scopes) == by_image


def test_another_langchain_store_by_one_setting(tmp_path: Path) -> None:
    options = Options(tmp_path, factory="retrieval_fakes:in_memory")
    index = open_index(PASSAGES, ToyEncoder(), options)
    assert not index.by_image
    assert index.near(query(index, "发票和费用清单"), 1).tolist() == [2]
    assert 2 not in index.near(query(index, "发票和费用清单"), 5, {"", "44"}).tolist()
    assert not (tmp_path / homes(tmp_path)[0] / "chroma").exists()


def test_vectors_can_be_kept_without_a_store(tmp_path: Path) -> None:
    open_index(PASSAGES, ToyEncoder(), Options(tmp_path, stored=False))
    assert not list(tmp_path.rglob("chroma*"))
    encoder = ToyEncoder()
    index = open_index(PASSAGES, encoder, Options(tmp_path, stored=False))
    assert encoder.encoded == []
    assert np.array_equal(index.vectors, built(tmp_path / "other").vectors)


def test_nothing_is_near_a_text_without_known_tokens(tmp_path: Path) -> None:
    index = built(tmp_path)
    assert index.near(np.zeros(251, dtype=np.float32), 5).size == 0


def test_an_empty_corpus_is_an_index_without_answers(tmp_path: Path) -> None:
    index = open_index([], ToyEncoder(), Options(tmp_path))
    assert index.near(query(index, "备案"), 5).size == 0


def test_best_looks_only_among_the_marked() -> None:
    scores = np.array([0.1, 0.9, 0.5, 0.7], dtype=np.float32)
    assert sorted(best(scores, 2).tolist()) == [1, 3]
    among = np.array([True, False, True, False])
    assert sorted(best(scores, 3, among).tolist()) == [0, 2]
    assert best(scores, 3, np.zeros(4, dtype=bool)).size == 0


def test_a_build_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    class Failing(ToyEncoder):
        def encode(self, texts: object) -> Matrix:
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        open_index(PASSAGES, Failing(), Options(tmp_path))
    assert [p.name for p in tmp_path.iterdir()] == [".lock"]
    assert built(tmp_path).near(query(built(tmp_path), "社保卡"), 1).tolist() == [4]


def test_only_the_newest_indexes_are_kept(tmp_path: Path) -> None:
    for n in range(5):
        open_index([Passage("a", f"第{n}版")], ToyEncoder(), Options(tmp_path))
    assert len(homes(tmp_path)) == 3


START = """
import sys
sys.path.insert(0, "tests")
from pathlib import Path
from retrieval_fakes import ToyEncoder
from assistant.index import Options, open_index
from test_index import PASSAGES
encoder = ToyEncoder()
server = {"host": "127.0.0.1", "port": int(sys.argv[2])} if len(sys.argv) > 2 else {}
index = open_index(PASSAGES, encoder, Options(Path(sys.argv[1]), **server))
print(index.near(index.encoder.encode(["社保卡"])[0], 1).tolist())
"""


def test_processes_that_start_at_once_share_one_sound_index(tmp_path: Path) -> None:
    root = Path(__file__).parent.parent
    command = [sys.executable, "-c", START, str(tmp_path)]
    started = [
        subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    answers = [process.communicate(timeout=120)[0].strip() for process in started]
    assert answers == ["[4]"] * 3
    assert len(homes(tmp_path)) == 1
    encoder = ToyEncoder()
    built(tmp_path, encoder)
    assert encoder.encoded == []


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    made = ChromaServer(tmp_path_factory.mktemp("server"))
    made.start()
    yield made
    made.stop()


def test_a_chroma_server_gives_the_same_passages(tmp_path: Path, server: ChromaServer) -> None:
    remote = Options(tmp_path / "remote", host="127.0.0.1", port=server.port)
    index = open_index(PASSAGES, ToyEncoder(), remote)
    local = built(tmp_path / "local")
    assert not index.by_image
    for scopes in (None, {""}, {"", "32"}):
        for text in ("备案几个月", "发票清单", "社保卡"):
            vector = query(local, text)
            expected = cosines(local, vector, 2, scopes)
            assert cosines(index, vector, 2, scopes) == expected
    # A server that lost its data is filled again when the next process opens the index.
    index.store.delete_collection()  # type: ignore[attr-defined]
    again = open_index(PASSAGES, ToyEncoder(), remote)
    assert again.near(query(local, "社保卡"), 1).tolist() == [4]


def shared(folder: Path, server: ChromaServer, encoder: ToyEncoder | None = None) -> Index:
    options = Options(folder, host="127.0.0.1", port=server.port)
    return open_index(SHARED, encoder or ToyEncoder(), options)


def test_machines_that_build_at_once_share_one_collection(
    tmp_path: Path, server: ChromaServer
) -> None:
    root = Path(__file__).parent.parent
    code = START.replace("PASSAGES", "SHARED")
    commands = [[sys.executable, "-c", code, str(tmp_path / m), str(server.port)] for m in "abc"]
    started = [subprocess.Popen(c, cwd=root, stdout=subprocess.PIPE, text=True) for c in commands]
    assert [p.communicate(timeout=120)[0].strip() for p in started] == ["[4]"] * 3
    index = shared(tmp_path / "a", server)
    assert index.store._collection.count() == len(SHARED)  # type: ignore[attr-defined]


def test_against_a_ready_collection_nothing_is_written(
    tmp_path: Path, server: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from langchain_chroma import Chroma

    shared(tmp_path / "first", server)
    monkeypatch.setattr(Chroma, "add_texts", None)
    encoder = ToyEncoder()
    shared(tmp_path / "first", server, encoder)
    assert encoder.encoded == []  # the same machine: read as it is
    other = shared(tmp_path / "other", server)  # another one: its own image, nothing sent
    assert other.near(query(other, "社保卡"), 1).tolist() == [4]


def test_while_the_server_is_gone_or_dumb_the_image_answers(tmp_path: Path) -> None:
    server = ChromaServer(tmp_path / "server")
    server.start()
    index = shared(tmp_path / "index", server)
    vector, rest = query(index, "社保卡"), index._rest
    rest.seconds = 60.0
    assert index.near(vector, 1).tolist() == [4] and rest.over()
    server.stop()
    assert index.near(vector, 1).tolist() == [4] and not rest.over()
    with server.dumb():
        rest.until = 0.0
        began = time.monotonic()
        assert index.near(vector, 1).tolist() == [4] and not rest.over()
        assert time.monotonic() - began < 5
    server.start()
    rest.until = 0.0
    assert index.near(vector, 1).tolist() == [4] and rest.over()
    server.stop()
    shutil.rmtree(tmp_path / "server")
    server.start()  # with nothing in it: the first question notices, a later one fills it again
    for _ in range(2):
        rest.until = 0.0
        assert index.near(vector, 1).tolist() == [4]
    assert rest.over()
    assert index.store._collection.count() == len(SHARED)  # type: ignore[attr-defined]
    server.stop()


def test_a_server_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"127\.0\.0\.1:9"):
        open_index(PASSAGES, ToyEncoder(), Options(tmp_path, host="127.0.0.1", port=9))


def test_telemetry_is_off(tmp_path: Path) -> None:
    store = built(tmp_path).store
    assert store._client.get_settings().anonymized_telemetry is False  # type: ignore[attr-defined]


def test_manifest_names_every_file_of_the_image(tmp_path: Path) -> None:
    built(tmp_path)
    home = tmp_path / homes(tmp_path)[0]
    files = json.loads((home / "manifest.json").read_text())["files"]
    on_disk = {
        str(p.relative_to(home))
        for p in home.rglob("*")
        if p.suffix in (".npy", ".json") and p.name != "manifest.json"
    }
    assert set(files) == on_disk
