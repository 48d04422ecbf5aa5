"""Our search as a LangChain retriever, for chains and tools built on LangChain."""

from __future__ import annotations

from datetime import date

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.retrieval import Retriever, SearchContext
from assistant.settings import today_in_shanghai


class SectionRetriever(BaseRetriever):
    """Sections as LangChain ``Document`` s, best first; nothing below the floor.

    ``on``: the day by which clauses are in force; None: today. Metadata: ``section``, ``title``,
    ``documents``, ``region``, ``score``, ``in_force``, and the search's ``confidence``.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: Retriever
    k: int = 8
    on: date | None = None
    insured_region: str | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        context = SearchContext(
            on=self.on or today_in_shanghai(), insured_region=self.insured_region
        )
        result = self.retriever.search(query, context, self.k)
        if not result.answerable:
            return []
        return [
            Document(
                page_content=hit.section.text,
                id=hit.section.id,
                metadata={
                    "section": hit.section.id,
                    "title": hit.section.title,
                    "documents": list(hit.section.documents),
                    "region": hit.section.region,
                    "score": hit.score,
                    "in_force": hit.in_force,
                    "confidence": result.confidence,
                },
            )
            for hit in result.hits
        ]
