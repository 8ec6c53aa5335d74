"""A real Airflow for the tests: API server, scheduler, DAG processor and triggerer as processes, driven as a user would."""

import contextlib
import json
import os
import signal
import threading
import time
import urllib.error
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tools.airflow_local import Local

DONE = ("success", "failed")
OVER = threading.Event()
"""Set when the tests end: whoever still waits for Airflow gives up."""


class Live:
    """The Airflow, the folder whose `data` its runs write to, and what it told the operator."""

    def __init__(self, local: Local, folder: Path, alerts: list[dict[str, str]]) -> None:
        self.local, self.folder, self.alerts = local, folder, alerts
        self.api = local.api

    def use(self, name: str) -> Path:
        """Let everything come to rest, then give the tasks another data folder; returns it."""
        self.rest()
        data = self.folder / name
        data.mkdir(exist_ok=True)
        link = self.folder / "data.new"
        link.symlink_to(data)
        link.replace(self.folder / "data")
        return data

    def forget(self, days: list[date]) -> None:
        """Delete the nightly runs of days, so that they can be filled in anew."""
        for run in self.nights(days):
            self.api("DELETE", f"/dags/nightly/dagRuns/{quoted(run['dag_run_id'])}")

    def nights(self, days: list[date]) -> list[dict[str, Any]]:
        """The nightly runs of some days; last night's own, which the scheduler makes, is left out."""
        return [run for run in self.runs("nightly") if run["logical_date"][:10] in {str(day) for day in days}]

    def runs(self, dag: str) -> list[dict[str, Any]]:
        """Newest first."""
        return list(self.api("GET", f"/dags/{dag}/dagRuns?limit=100&order_by=-run_after")["dag_runs"])

    def rest(self, seconds: float = 600) -> None:
        """Until no run of any DAG is active and the models have had every event."""
        quiet = 0

        def still() -> bool:
            nonlocal quiet
            active = self.api("GET", "/dags/~/dagRuns?state=running&state=queued&limit=1")["total_entries"]
            events = self.api("GET", "/dags/models/assets/queuedEvents")["total_entries"] if not active else 1
            quiet = 0 if active or events else quiet + 1
            return quiet >= 2

        until(still, seconds, "Airflow to come to rest")

    def told_the_models(self, dag: str, run_id: str) -> bool:
        """Whether a run sent the event on which the models are built."""
        query = urllib.parse.urlencode({"source_dag_id": dag, "source_run_id": run_id})
        return bool(self.api("GET", f"/assets/events?{query}&name_pattern=tollwire.raw")["asset_events"])

    def unpause(self, dag: str) -> None:
        self.api("PATCH", f"/dags/{dag}", {"is_paused": False})

    def trigger(self, dag: str, day: date | None = None, **conf: Any) -> str:
        """Start a run; `day` is its data interval. Returns its id."""
        body: dict[str, Any] = {"conf": conf, "logical_date": None}
        if day:
            start = f"{day}T00:00:00Z"
            body |= {
                "logical_date": start,
                "data_interval_start": start,
                "data_interval_end": f"{day + timedelta(days=1)}T00:00:00Z",
            }
        return str(self.api("POST", f"/dags/{dag}/dagRuns", body)["dag_run_id"])

    def leave_out(self, dag: str, day: date) -> None:
        """Keep the scheduler from running a paused DAG at a moment: for one that has a run it makes none."""
        run_id = self.trigger(dag, day)
        self.api("PATCH", f"/dags/{dag}/dagRuns/{quoted(run_id)}", {"state": "success"})

    def made(self, dag: str) -> str:
        """The id of the run that the scheduler makes when a DAG is unpaused."""
        self.unpause(dag)
        found: list[str] = []

        def is_there() -> bool:
            found.extend(run["dag_run_id"] for run in self.runs(dag) if run["run_type"] == "scheduled")
            return bool(found)

        until(is_there, 120, f"the scheduler to make a run of {dag}")
        return found[0]

    def ended(self, dag: str, run_id: str, seconds: float = 600) -> dict[str, Any]:
        """The run, once it has succeeded or failed."""
        path = f"/dags/{dag}/dagRuns/{quoted(run_id)}"
        until(lambda: self.api("GET", path)["state"] in DONE, seconds, f"{dag} {run_id} to end")
        return dict(self.api("GET", path))

    def succeeded(self, dag: str, run_id: str) -> None:
        assert self.ended(dag, run_id)["state"] == "success", self.tasks(dag, run_id)

    def tasks(self, dag: str, run_id: str) -> dict[str, str]:
        """State by task; mapped tasks as task[index]."""
        found = self.api("GET", f"/dags/{dag}/dagRuns/{quoted(run_id)}/taskInstances?limit=200")["task_instances"]
        return {_name(task): str(task["state"]) for task in found}

    def spans(self, dag: str, run_id: str) -> dict[str, tuple[str, str]]:
        """When each task began and ended, as ISO 8601."""
        found = self.api("GET", f"/dags/{dag}/dagRuns/{quoted(run_id)}/taskInstances?limit=200")["task_instances"]
        return {_name(task): (task["start_date"], task["end_date"]) for task in found}

    def log(self, dag: str, run_id: str, task: str, index: int = -1, attempt: int = 1) -> list[str]:
        path = f"/dags/{dag}/dagRuns/{quoted(run_id)}/taskInstances/{task}/logs/{attempt}?map_index={index}"
        return [str(line["event"]) for line in self.api("GET", path + "&full_content=true")["content"]]

    def backfill_body(self, first: date, last: date, behavior: str = "none", backwards: bool = False) -> dict[str, Any]:
        """As the web page sends it."""
        return {
            "dag_id": "nightly",
            "from_date": f"{first}T00:00:00Z",
            "to_date": f"{last}T00:00:00Z",
            "max_active_runs": 3,
            "run_backwards": backwards,
            "reprocess_behavior": behavior,
            "dag_run_conf": {},
        }

    def would_fill_in(self, days: list[date], behavior: str) -> list[date]:
        """The days that a backfill would run, by its dry run."""
        found = self.api("POST", "/backfills/dry_run", self.backfill_body(days[0], days[-1], behavior))["backfills"]
        return sorted(date.fromisoformat(run["logical_date"][:10]) for run in found)

    def backfill(self, first: date, last: date, behavior: str = "none", backwards: bool = False) -> None:
        """Begin one. Airflow marks a finished one complete, and allows the next, within half a minute: or it is ended here."""
        for former in self.api("GET", "/backfills?dag_id=nightly&limit=100")["backfills"]:
            if not former["completed_at"]:
                with contextlib.suppress(urllib.error.HTTPError):  # it has just been marked
                    self.api("PUT", f"/backfills/{former['id']}/cancel")
        self.api("POST", "/backfills", self.backfill_body(first, last, behavior, backwards))

    def filled_in(self, days: list[date], seconds: float = 600) -> dict[str, str]:
        """State of the nightly run of each day, once all have ended."""
        until(lambda: all(run["state"] in DONE for run in self.nights(days)), seconds, "the nightly runs to end")
        return {run["logical_date"][:10]: run["state"] for run in self.nights(days)}

    def kill_scheduler(self) -> None:
        """kill -9 of the scheduler, and a new one; that ends the tasks which the old one left running."""
        pid = self.local.running("scheduler")
        assert pid
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        self.local.launch("scheduler")


def _name(task: dict[str, Any]) -> str:
    return task["task_id"] + (f"[{task['map_index']}]" if task["map_index"] >= 0 else "")


def quoted(run_id: str) -> str:
    return urllib.parse.quote(run_id, safe="")


def until(condition: Callable[[], Any], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert not OVER.is_set(), f"gave up waiting for {what}"
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(0.3)


@contextmanager
def alert_sink() -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A webhook: its URL, and the list that its alerts are added to."""
    received: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            """Quiet."""

        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", received
    finally:
        server.shutdown()
        server.server_close()
