"""A whole Airflow on loopback, with its home inside the checkout: `make airflow`, `make airflow-stop`.

    python tools/airflow_local.py [--home .airflow] [--port 8080] start
    python tools/airflow_local.py stop
    python tools/airflow_local.py cli backfill create --dag-id nightly ...     # Airflow's own command line, on this Airflow

Its database is SQLite in the home, or what AIRFLOW__DATABASE__SQL_ALCHEMY_CONN says. Whatever is set in the environment wins
over what is chosen here; AIRFLOW__CORE__EXECUTOR=CeleryExecutor starts a Celery worker too. Only the standard library: this
file runs the processes, it isn't one of them.
"""

import argparse
import base64
import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COMPONENTS: dict[str, list[str]] = {
    "api-server": [],
    "scheduler": ["--skip-serve-logs"],
    "dag-processor": [],
    "triggerer": ["--skip-serve-logs"],
}
CELERY: dict[str, list[str]] = {"celery": ["worker", "--skip-serve-logs"]}
HEALTHY = ("metadatabase", "scheduler", "triggerer", "dag_processor")
USER = "admin"


def environment(home: Path, port: int, given: Mapping[str, str]) -> dict[str, str]:
    """The environment of every process; `given` wins, but for the home."""
    own = {
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "tollwire_dags.warm.WarmLocalExecutor",
        # A task a core, some that wait for hosts or the warehouse, and one that waits for nights to end.
        "AIRFLOW__CORE__PARALLELISM": str((os.cpu_count() or 1) + 3),
        "AIRFLOW__CELERY__WORKER_CONCURRENCY": str((os.cpu_count() or 1) + 3),
        "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "30",
        # A worker that misses its task's end by a moment looks again after this: meanwhile it can take no other task.
        "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        "AIRFLOW__OPENLINEAGE__DISABLED": "True",
        # A batch's shards are what runs side by side, so that each needs one process.
        "TOLLWIRE_WORKERS": "1",
        "TOLLWIRE_DATA": str(ROOT / "data"),
        "TOLLWIRE_FEEDS": str(ROOT / "feeds.yml"),
        "TOLLWIRE_AIRFLOW_LOGS": str(home / "logs"),
        **read_secrets(home),
    }
    path = f"{Path(sys.executable).parent}:{given.get('PATH', os.defpath)}"
    merged = {**own, **given, "AIRFLOW_HOME": str(home), "PATH": path, "PYTHONPATH": str(ROOT / "dags")}
    # Airflow's import is three times as slow without bytecode files.
    merged.pop("PYTHONDONTWRITEBYTECODE", None)
    return merged


def read_secrets(home: Path) -> dict[str, str]:
    """Keys made once for this home; only the owner reads them."""
    file = home / "secrets.json"
    if not file.exists():
        keys = {
            "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_urlsafe(48),
            "AIRFLOW__API__SECRET_KEY": secrets.token_urlsafe(48),
            "AIRFLOW__CORE__FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        }
        write_private(file, json.dumps(keys, indent=1))
    return dict(json.loads(file.read_text()))


def read_password(home: Path) -> str:
    """The administrator's password, made once; where Airflow's own user list looks for it."""
    file = home / "simple_auth_manager_passwords.json.generated"
    if not file.exists():
        write_private(file, json.dumps({USER: secrets.token_urlsafe(12)}))
    return str(json.loads(file.read_text())[USER])


def write_private(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text)


class Local:
    """One Airflow: its home, port and processes."""

    def __init__(self, home: Path, port: int, given: Mapping[str, str] | None = None) -> None:
        self.home, self.port = home.resolve(), port
        self.home.mkdir(parents=True, exist_ok=True)
        self.env = environment(self.home, port, os.environ if given is None else given)
        self.components = COMPONENTS | (CELERY if self.env["AIRFLOW__CORE__EXECUTOR"] == "CeleryExecutor" else {})
        self.password = read_password(self.home)
        self._token = ""

    def airflow(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Airflow's command line; raises SystemExit with its last words if it fails."""
        command = [sys.executable, "-m", "airflow", *arguments]
        done = subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"airflow {' '.join(arguments)} failed:\n{(done.stdout + done.stderr)[-3000:]}")
        return done

    def start(self, seconds: float = 120) -> None:
        """Bring the database up to date, start the processes that don't run, wait until all are well, make pools."""
        if not self.running("api-server") and not _is_free(self.port):
            raise SystemExit(f"port {self.port} is taken; choose another: make airflow PORT=8081")
        self.migrate()
        self.run(seconds)

    def migrate(self) -> None:
        self.airflow("db", "migrate")

    def run(self, seconds: float = 120) -> None:
        """Start the processes that don't run, on a database that is up to date."""
        for name in self.components:
            if not self.running(name):
                self.launch(name)
        self.wait(seconds)
        for pool, (slots, description) in pools().items():
            self.make_pool(pool, slots, description)

    def launch(self, name: str) -> None:
        """Start one process, in a process group of its own; what a killed one left running is ended first."""
        for left in self._left(name):
            with contextlib.suppress(ProcessLookupError):
                os.kill(left, signal.SIGKILL)
        with self._file(name, "log").open("ab") as log:
            command = [sys.executable, "-m", "airflow", name, *self.components[name]]
            process = subprocess.Popen(
                command,
                env=self.env,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._file(name, "pid").write_text(f"{process.pid} {_begun(process.pid)}")

    def _file(self, name: str, ending: str) -> Path:
        folder = self.home / "run"
        folder.mkdir(exist_ok=True)
        return folder / f"{name}.{ending}"

    def running(self, name: str) -> int | None:
        """The process id, if it runs and is ours: its start says that the number was not given to another since."""
        file = self._file(name, "pid")
        if not file.exists():
            return None
        pid, _, begun = file.read_text().partition(" ")
        return int(pid) if begun and _begun(int(pid)) == begun else None

    def _left(self, name: str) -> list[int]:
        """Processes of a killed one's group (a scheduler's workers and tasks outlive it)."""
        file = self._file(name, "pid")
        if not file.exists() or self.running(name):
            return []
        return _members(int(file.read_text().partition(" ")[0]))

    def stop(self, seconds: float = 20) -> None:
        """The scheduler first, so that nothing new begins; whatever has not ended in time is killed with its tasks."""
        for name in ("scheduler", *CELERY, "dag-processor", "triggerer", "api-server"):
            pid = self.running(name)
            if pid is None:
                continue
            _signal(pid, signal.SIGTERM)
            deadline = time.monotonic() + seconds
            while self.running(name) and time.monotonic() < deadline:
                _reap(pid)
                time.sleep(0.1)
            _signal(pid, signal.SIGKILL)
            _reap(pid)
            self._file(name, "pid").unlink(missing_ok=True)

    def health(self) -> dict[str, str]:
        """Status by component; empty while the API server does not answer."""
        try:
            found = self._request("GET", "/api/v2/monitor/health")
        except OSError:
            return {}
        return {name: str((found.get(name) or {}).get("status")) for name in HEALTHY}

    def wait(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if gone := [name for name in self.components if not self.running(name)]:
                raise SystemExit(f"{gone[0]} ended; its log: {self._file(gone[0], 'log')}")
            if self.health() == dict.fromkeys(HEALTHY, "healthy") and self.api("GET", "/dags?limit=1")["dags"]:
                return
            time.sleep(0.3)
        raise SystemExit(f"Airflow was not ready within {seconds:.0f} s ({self.health()}); logs: {self.home / 'run'}")

    def make_pool(self, name: str, slots: int, description: str) -> None:
        """A pool that exists keeps the slots that the operator gave it."""
        try:
            self.api("GET", f"/pools/{name}")
        except urllib.error.HTTPError as error:
            if error.code != 404:
                raise
            self.api("POST", "/pools", {"name": name, "slots": slots, "description": description})

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """A call of Airflow's REST API as the administrator."""
        if not self._token:
            login = {"username": USER, "password": self.password}
            self._token = self._request("POST", "/auth/token", login)["access_token"]
        return self._request(method, "/api/v2" + path, body, {"Authorization": f"Bearer {self._token}"})

    def _request(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=data,
            method=method,
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None


def pools() -> dict[str, tuple[int, str]]:
    """Name → slots, description, as dags/tollwire_dags/pools.json has them."""
    found = json.loads((ROOT / "dags" / "tollwire_dags" / "pools.json").read_text(encoding="utf8"))
    return {name: (pool["slots"], pool["description"]) for name, pool in found.items()}


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _begun(pid: int) -> str:
    """When a process began, in the kernel's ticks; empty if it doesn't run."""
    try:
        state, *_, begun = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:20]
    except OSError:
        return ""
    return "" if state == "Z" else begun


def _members(group: int) -> list[int]:
    """Processes of a group that work in this checkout: after a restart the number may be another's."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            of = folder.joinpath("stat").read_text().rpartition(")")[2].split()[2] if folder.name.isdigit() else ""
            if of == str(group) and folder.joinpath("cwd").resolve() == ROOT:
                found.append(int(folder.name))
        except OSError:
            continue  # it has just ended, or is another user's
    return found


def _signal(group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)


def _reap(pid: int) -> None:
    """A child of ours that ended stays in the process table until it is waited for."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("start", "stop", "cli"))
    parser.add_argument("--home", type=Path, default=ROOT / ".airflow")
    parser.add_argument("--port", type=int, default=8080)
    own, rest = list(arguments), list[str]()
    if "cli" in own:
        own, rest = own[: own.index("cli") + 1], own[own.index("cli") + 1 :]
    given = parser.parse_args(own)
    local = Local(given.home, given.port)
    if given.what == "stop":
        local.stop()
    elif given.what == "cli":
        os.chdir(ROOT)
        os.execvpe(sys.executable, [sys.executable, "-m", "airflow", *rest], local.env)
    else:
        started = time.monotonic()
        print("Starting Airflow (the first time takes longest)", flush=True)
        local.start()
        print(
            f"Airflow is ready after {time.monotonic() - started:.0f} s: http://127.0.0.1:{local.port}\n"
            f"  user {USER}, password {local.password}\n"
            f"  data {local.env['TOLLWIRE_DATA']}, feeds {local.env['TOLLWIRE_FEEDS']}, logs {local.home / 'run'}\n"
            "  ingest and nightly are paused until you switch them on; stop it all with: make airflow-stop"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
