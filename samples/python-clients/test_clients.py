"""Runs the scripts as their users do, on the broker at AMQP_URL, and reads what they print."""

import os
import pathlib
import signal
import subprocess
import sys
import threading
import time
import unittest

FOLDER = pathlib.Path(__file__).resolve().parent
PATIENCE = 30


def run(script, *arguments):
    """Runs a script to its end and returns its lines."""
    ended = subprocess.run(
        [sys.executable, FOLDER / script, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
    )
    if ended.returncode != 0:
        raise AssertionError(f"{script} ended with {ended.returncode}:\n{ended.stdout}")
    return ended.stdout.splitlines()


class Consumer:
    """A script that waits for messages, until the end of the with statement."""

    def __init__(self, script, *arguments):
        self.lines = []
        self._waiting = False
        self._changed = threading.Condition()
        self._process = subprocess.Popen(
            [sys.executable, FOLDER / script, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            # also where the test itself was started in the background, which ignores it
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            with self._changed:
                if line.startswith("waiting "):
                    self._waiting = True
                else:
                    self.lines.append(line.rstrip("\n"))
                self._changed.notify_all()

    def wait_until(self, condition):
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self.lines), PATIENCE):
                raise AssertionError(f"not seen within {PATIENCE} seconds: {self.lines}")

    def __enter__(self):
        try:
            self.wait_until(lambda lines: self._waiting)
        except BaseException:
            self._process.kill()
            self._end()
            raise
        return self

    def __exit__(self, *_):
        self._process.send_signal(signal.SIGINT)
        self._end()
        if self._process.returncode != 0:
            raise AssertionError(f"the script ended with {self._process.returncode}: {self.lines}")

    def _end(self):
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise
        finally:
            self._reader.join()
            self._process.stdout.close()


class ClientsTest(unittest.TestCase):
    def test_1_hello(self):
        self.assertEqual(["sent 'Hello World!'"], run("hello_send.py"))
        with Consumer("hello_receive.py") as receiver:
            receiver.wait_until(lambda lines: "received 'Hello World!'" in lines)

    def test_2_work_queues(self):
        with Consumer("worker.py") as first, Consumer("worker.py") as second:
            run("new_task.py", "long" + 15 * ".")
            deadline = time.monotonic() + PATIENCE
            while not (first.lines or second.lines):
                self.assertLess(time.monotonic(), deadline, "no worker has the task")
                time.sleep(0.01)
            busy, free = (first, second) if first.lines else (second, first)
            for number in range(2):
                run("new_task.py", f"short {number}")
            free.wait_until(lambda lines: "done 'short 1'" in lines)
            busy.wait_until(lambda lines: "done 'long...............'" in lines)
            self.assertEqual(
                ["working on 'short 0'", "done 'short 0'", "working on 'short 1'", "done 'short 1'"], free.lines
            )

    def test_3_publish_subscribe(self):
        with Consumer("receive_logs.py") as first, Consumer("receive_logs.py") as second:
            run("emit_log.py", "the disk is full")
            for subscriber in (first, second):
                subscriber.wait_until(lambda lines: lines == ["received 'the disk is full'"])

    def test_4_routing(self):
        with Consumer("receive_logs_direct.py", "error") as errors, Consumer(
            "receive_logs_direct.py", "info", "error"
        ) as both:
            for severity in ("debug", "info", "error"):
                run("emit_log_direct.py", severity, "something")
            errors.wait_until(lambda lines: lines == ["received error 'something'"])
            both.wait_until(lambda lines: lines == ["received info 'something'", "received error 'something'"])

    def test_5_topics(self):
        with Consumer("receive_logs_topic.py", "kern.*") as kernel, Consumer(
            "receive_logs_topic.py", "#.critical"
        ) as critical:
            for key in ("kern.info", "cron.critical", "kern.critical"):
                run("emit_log_topic.py", key, "something")
            kernel.wait_until(
                lambda lines: lines == ["received kern.info 'something'", "received kern.critical 'something'"]
            )
            critical.wait_until(
                lambda lines: lines == ["received cron.critical 'something'", "received kern.critical 'something'"]
            )

    def test_6_rpc(self):
        with Consumer("rpc_server.py"):
            self.assertEqual(["fibonacci(30) is 832040"], run("rpc_client.py", "30"))

    def test_7_publisher_confirms(self):
        self.assertEqual(["100 messages are confirmed", "came back: NO_ROUTE"], run("publisher_confirms.py"))


if __name__ == "__main__":
    unittest.main()
