"""A LocalExecutor whose workers have our modules and the language model loaded before the first task.

A task is a process forked from a worker. Without this each of them imports pipeline.work again, and each `extract` loads
spaCy's model: seconds of processor time a task, more than most tasks work. The price: after an upgrade of the code the
scheduler must be started again (`make airflow-stop airflow` does).
"""

from airflow.executors.local_executor import LocalExecutor


class WarmLocalExecutor(LocalExecutor):
    def start(self) -> None:
        """Load what tasks need, then fork the workers."""
        from pipeline import work  # noqa: F401
        from pipeline.articles import clean  # noqa: F401
        from pipeline.facts.pool import read_chunk

        read_chunk([])
        super().start()
