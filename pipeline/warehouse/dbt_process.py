"""dbt, run as a process: `python -m pipeline.warehouse.dbt_process RESULTS COMMAND OPTION...`.

It makes itself ready (imports, the project read), then waits for a line on standard input, so that it can be started before its turn
comes; if standard input ends without one, so does the process. What became of each node goes to the file RESULTS.
"""

import gc
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest


def main(results_file: Path, command: str, *options: str) -> int:
    gc.disable()  # it lives for seconds, and makes a million objects that stay
    from dbt.cli.main import dbtRunner

    told: list[str] = []
    runner = dbtRunner(callbacks=[lambda event: _hear(event, told)])
    parsed = runner.invoke(["parse"])
    if not sys.stdin.readline():
        return 1
    results_file.unlink(missing_ok=True)  # only now: without a turn, the last build's results stand
    if not parsed.success:
        return _failed(parsed, told)
    runner.manifest = cast("Manifest", parsed.result)
    ran = runner.invoke([command, *options])
    nodes = getattr(ran.result, "results", None)
    if nodes is None:
        return _failed(ran, told)
    part = results_file.with_suffix(".part")
    # Hooks before and after are no nodes, unless they fail.
    told_of = [_node(r) for r in nodes if r.node.resource_type != "operation" or r.status != "success"]
    part.write_text(json.dumps(told_of), encoding="utf8")
    os.replace(part, results_file)
    return 0 if ran.success else 1


def _hear(event: Any, told: list[str]) -> None:
    if event.info.level in ("warn", "error"):
        told.append(event.info.msg)


def _failed(ran: Any, told: list[str]) -> int:
    print("\n".join(told), ran.exception or "", file=sys.stderr)
    return 2


def _node(result: Any) -> dict[str, Any]:
    failed = result.status in ("fail", "warn")
    return {
        "name": result.node.unique_id.split(".", 2)[2],
        "status": str(result.status),
        "seconds": result.execution_time,
        "message": result.message or "",
        "query": getattr(result.node, "compiled_code", None) if failed else None,
    }


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))
