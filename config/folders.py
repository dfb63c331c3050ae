"""The folder in which an installation keeps its files. Read by the settings: knows nothing of Django's own."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def folder_of_files(folder: Path) -> Path:
    """The folder that MADANG_VAR_DIR names, made if it is missing.

    Raises ImproperlyConfigured if it is none and cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise ImproperlyConfigured(f"MADANG_VAR_DIR must name a folder, but {folder} is none.") from None
    except OSError as problem:
        raise ImproperlyConfigured(
            f"MADANG_VAR_DIR names {folder}, which is missing and cannot be made: {problem.strerror}."
        ) from None
    return folder


def refuse_unwritable(folder: Path) -> None:
    """Raise ImproperlyConfigured if nothing can be written in the folder, as the embedded database must."""
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"MADANG_VAR_DIR names {folder}, where this user may not write.")
