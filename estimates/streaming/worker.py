"""A process that works out parts of a table: ``python -m estimates.streaming.worker FOLDER``.

It takes one part after another from standard input, a line of JSON each, and answers with a line. Where standard input
ends, because the process that started this one has ended in whatever way, it ends at once, in the middle of a part.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, TextIO

from estimates.streaming.folder import SETTINGS, Folder
from estimates.streaming.part import work_out
from estimates.streaming.settings import settings_of


def main() -> None:
    """Work out the parts that are asked for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this process ends it
    answers = _own_output()
    tasks: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(tasks,), daemon=True).start()

    folder = Folder(Path(sys.argv[1]))
    settings = settings_of((folder.path / SETTINGS).read_bytes())
    while True:
        task = tasks.get()
        try:
            content = (folder.path / task["rows"]).read_bytes()
            answer = work_out(content, settings, only_read=task["only_read"])
            if answer.ranges:
                folder.keep(task["mark"], answer)
            told: dict[str, Any] = {"facts": answer.facts}
        except Exception:  # a mistake of ours, or a full disk: told where the work was asked for
            told = {"error": traceback.format_exc()}
        print(json.dumps(told), file=answers, flush=True)


def _listen(tasks: queue.SimpleQueue[dict[str, Any]]) -> None:
    for line in sys.stdin:
        tasks.put(json.loads(line))
    os._exit(0)


def _own_output() -> TextIO:
    """The stream of answers; what anything else prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


if __name__ == "__main__":
    main()
