import pytest

from tests.sql.models import Project, compile_project


@pytest.fixture(scope="session")
def project(tmp_path_factory) -> Project:
    return compile_project(tmp_path_factory.mktemp("dbt"))


@pytest.fixture
def warehouse(project):
    with project.warehouse() as connection:
        yield connection
