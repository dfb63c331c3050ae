"""Kinds of jobs that only tests know."""

from contextlib import contextmanager

from core.jobs import kinds
from core.jobs.kinds import JobKind, register_kind


@contextmanager
def known(name, run, **more):
    """While this lasts, jobs of the kind `name` do `run`."""
    kind = JobKind(name=name, title=more.pop("title", name), run=run, **more)
    register_kind(kind)
    try:
        yield kind
    finally:
        kinds._kinds.pop(name)


def file_of(tmp_path, text="사업 안내\n"):
    """A kind's `run` that keeps one small file."""

    def run(work):
        path = tmp_path / "made.txt"
        path.write_text(text, encoding="utf-8")
        work.keep(path, name="사업 안내.txt", content_type="text/plain", pages=3, fingerprint="f" * 64)
        work.say("파일을 만들었습니다.")

    return run
