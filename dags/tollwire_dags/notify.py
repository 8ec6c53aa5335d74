"""Telling the operator: through the connection `tollwire_alerts`, or by a log line where there is none.

The connection's type chooses how: `slackwebhook` (Slack), `smtp` (mail; extra: {"to": "...", "from_email": "..."}), `http`
(a webhook that gets JSON with subject and text; extra: {"endpoint": "..."}). Whatever fails here must not hide what it was to tell.
"""

import logging
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from airflow.sdk import Connection

CONNECTION = "tollwire_alerts"

log = logging.getLogger("tollwire.alert")


def failed(context: Mapping[str, Any]) -> None:
    """A task failed for good (its retries are used up)."""
    task = context["ti"]
    where = f"{task.dag_id}.{task.task_id}" + (f"[{task.map_index}]" if task.map_index >= 0 else "")
    error = context.get("exception")
    lines = [
        f"run: {task.run_id}, try {task.try_number}",
        f"error: {type(error).__name__}: {error}" if error else "error: the task's process was lost or killed",
        "what to do: the DAG's documentation in Airflow says it; the task's log ends with the whole error",
    ]
    send(f"Tollwire: {where} failed", "\n".join(lines))


def late(context: Mapping[str, Any], **_: Any) -> None:
    """A run has missed its deadline. Runs of a backfill wait for one another, so that theirs says nothing."""
    run = context["dag_run"]
    if run["run_type"] == "backfill":
        log.info("backfill run %s is past its deadline", run["dag_run_id"])
        return
    due = context["deadline"]["deadline_time"]
    text = f"run: {run['dag_run_id']}, state {run['state']}\nshould have ended by {due}\nIts open tasks' logs say why."
    send(f"Tollwire: {run['dag_id']} is late", text)


def send(subject: str, text: str) -> None:
    """Log it, and hand it to the operator's notifier."""
    log.error("%s\n%s", subject, text)
    connection = _connection()
    if connection is None:
        return
    try:
        NOTIFIERS[str(connection.conn_type)](connection, subject, text)
    except Exception:
        known = ", ".join(sorted(NOTIFIERS))
        log.exception("the alert could not be sent through %s (types known: %s)", CONNECTION, known)


def _connection() -> Connection | None:
    try:
        return Connection.get(CONNECTION)
    except Exception as error:  # Airflow raises another class in each kind of process when there is no such connection
        log.info("no connection %s (%s): the alert is in the log only", CONNECTION, type(error).__name__)
        return None


def _slack(connection: Connection, subject: str, text: str) -> None:
    from airflow.providers.slack.notifications.slack_webhook import SlackWebhookNotifier

    SlackWebhookNotifier(slack_webhook_conn_id=CONNECTION, text=f"*{subject}*\n{text}").notify({})


def _mail(connection: Connection, subject: str, text: str) -> None:
    from airflow.providers.smtp.notifications.smtp import SmtpNotifier

    to = connection.extra_dejson["to"]
    SmtpNotifier(smtp_conn_id=CONNECTION, to=to, subject=subject, html_content=f"<pre>{escape(text)}</pre>").notify({})


def _webhook(connection: Connection, subject: str, text: str) -> None:
    from airflow.providers.http.notifications.http import HttpNotifier

    endpoint = connection.extra_dejson.get("endpoint")
    # Called by notify(), not by calling the notifier: that would take braces in the text for a template.
    HttpNotifier(http_conn_id=CONNECTION, endpoint=endpoint, json={"subject": subject, "text": text}).notify({})


NOTIFIERS: dict[str, Callable[[Connection, str, str], None]] = {
    "slackwebhook": _slack,
    "smtp": _mail,
    "http": _webhook,
}
