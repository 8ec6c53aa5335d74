"""Makes .env, the secrets that docker-compose.yml asks for. `make env`; nothing has a default password."""

import base64
import secrets
import sys
from pathlib import Path

from tools.airflow_local import ROOT, write_private

AGENT = "Tollwire/0.1 (news archive; write your contact here)"


def text() -> str:
    """The file's lines, with new secrets."""
    values = {
        "POSTGRES_PASSWORD": secrets.token_urlsafe(24),
        "REDIS_PASSWORD": secrets.token_urlsafe(24),
        "AIRFLOW_FERNET_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "AIRFLOW_SECRET_KEY": secrets.token_urlsafe(48),
        "AIRFLOW_JWT_SECRET": secrets.token_urlsafe(48),
        "AIRFLOW_ADMIN_PASSWORD": secrets.token_urlsafe(12),
        "TOLLWIRE_USER_AGENT": f'"{AGENT}"',
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())


def main(file: Path = ROOT / ".env") -> int:
    if file.exists():
        print(f"{file.name} is there already and was left as it is; delete it to make new secrets", file=sys.stderr)
        return 0
    write_private(file, text())
    print(f"{file.name} made, readable by you only; the web page's user is admin, its password AIRFLOW_ADMIN_PASSWORD")
    return 0


if __name__ == "__main__":
    sys.exit(main())
