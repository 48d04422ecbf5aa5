"""``/mcp``: the assistant as tools of the Model Context Protocol (streamable HTTP, stateless)."""

from __future__ import annotations

from typing import Annotated

from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations
from pydantic import Field

from assistant.api.later import Opened
from assistant.api.models import Case, Question, Thread, Today
from assistant.api.runtime import Runtime
from assistant.api.texts import say
from assistant.settings import today_in_shanghai
from assistant.types import Answer
from rules.facts import Facts

_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
Scenario = Annotated[str | None, Field(max_length=60, description="清单编号，不填则按情况判断")]


def build_mcp(here: Runtime) -> Opened:
    """The door and the session manager that must run beside it."""
    server = MCPServer(say("mcp", "name"), instructions=say("mcp", "instructions"))

    async def ask(question: Question, thread: Thread | None = None, today: Today = None) -> Answer:
        return await here.run(here.answer, question, thread, today)

    async def reimburse(facts: Case, today: Today = None) -> Answer:
        day = today or today_in_shanghai()
        return await here.run(here.forms.reimbursement, facts, day)

    async def validity(facts: Case, today: Today = None) -> Answer:
        return await here.run(here.forms.validity, facts, today or today_in_shanghai())

    async def materials(
        facts: Case = Facts(),  # noqa: B008
        scenario: Scenario = None,
        today: Today = None,
    ) -> Answer:
        day = today or today_in_shanghai()
        return await here.run(here.forms.materials, facts, scenario, day)

    for tool in (ask, reimburse, validity, materials):
        name = tool.__name__
        marks = None if name == "ask" else _READS
        server.tool(name, description=say("mcp", name), annotations=marks)(tool)
    hosts = [*("127.0.0.1:*", "localhost:*", "127.0.0.1", "localhost", "testserver")]
    hosts += here.config.hosts
    app = server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        max_request_body_size=here.config.body_bytes,
        transport_security=TransportSecuritySettings(
            allowed_hosts=hosts,
            allowed_origins=[
                f"{scheme}://{host}" for host in hosts for scheme in ("http", "https")
            ],
        ),
    )
    return app, server.session_manager.run()
