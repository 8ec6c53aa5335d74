"""Everything that Tollwire raises on purpose. What a record could not be used for is a `Rejected` row, not an error."""


class TollwireError(Exception):
    """A run cannot go on; the message names the file or setting and the way out. The command line exits with 2."""


class ConfigError(TollwireError):
    """A setting, feeds.yml or seed is wrong; the message names file, line and field."""


class InputError(TollwireError):
    """A file given by the user cannot be read at all."""


class StorageError(TollwireError):
    """The disk is full, a directory is read-only, or a batch's file is damaged."""


class LockedError(TollwireError):
    """Another process holds the lock; the message names it."""


class BooksError(TollwireError):
    """A batch's accounts don't balance: records were lost or made up. A bug of ours; nothing is loaded."""


class BuildError(TollwireError):
    """A SQL model could not be built or a data test failed; the last snapshot stays published."""
