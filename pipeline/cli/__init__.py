"""The command line: `tollwire`, one command a stage and one for all."""


def main() -> None:
    """The script's entry. Imports late: worker processes import the script that started them, and need no commands."""
    from pipeline.cli.main import main as run_command

    run_command()
