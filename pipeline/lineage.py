"""The assets of our DAGs as OpenLineage datasets. Registered as an Airflow provider (pyproject.toml): Airflow knows how to turn
a few kinds of URI into datasets, and a DuckDB's is none of them.
"""

from typing import Any
from urllib.parse import urlsplit


def provider() -> dict[str, Any]:
    """What Airflow is told of us."""
    return {
        "package-name": "tollwire",
        "name": "Tollwire",
        "description": "Names of Tollwire's assets in OpenLineage.",
        "asset-uris": [
            {"schemes": ["duckdb"], "handler": None, "to_openlineage_converter": "pipeline.lineage.dataset"},
        ],
    }


def dataset(asset: Any, lineage_context: Any) -> Any:
    """`duckdb://tollwire/raw` is the dataset `raw` in the namespace `duckdb://tollwire`."""
    from airflow.providers.common.compat.openlineage.facet import Dataset

    uri = urlsplit(asset.uri)
    return Dataset(namespace=f"{uri.scheme}://{uri.netloc}", name=uri.path.lstrip("/"))
