"""Folders in which files are made. They go with the work; what a killed process leaves, a later round deletes.

They hold what the finished file will: names of members, rows of an import. So nothing of it may lie around for good.
"""

import os
import shutil
import stat
import tempfile
import time
from datetime import timedelta
from pathlib import Path

PREFIX = "madang-scratch-"


def scratch_folder() -> "tempfile.TemporaryDirectory[str]":
    """A new folder for files that nobody needs when the block is left."""
    return tempfile.TemporaryDirectory(prefix=PREFIX)


def delete_left_over(*, older_than: timedelta) -> int:
    """Delete this account's folders that nothing was put into for so long, by the machine's clock, and say how many.

    Others may write where temporary files lie: nothing but real folders of our own is touched.
    """
    before, deleted = time.time() - older_than.total_seconds(), 0
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            facts = folder.lstat()
        except FileNotFoundError:
            # Its work has just ended.
            continue
        if stat.S_ISDIR(facts.st_mode) and facts.st_uid == os.getuid() and facts.st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)
            deleted += 1
    return deleted
