# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The part of QEMU's machine protocol (QMP) that the tests need: commands and events."""

import json
import socket
import time


class Qmp:
    """A connection to QEMU's socket. Events are collected in self.events."""

    def __init__(self, path, deadline):
        self.events = []
        self._buffer = b""
        self._socket = socket.socket(socket.AF_UNIX)
        while True:
            try:
                self._socket.connect(str(path))
                break
            except (FileNotFoundError, ConnectionRefusedError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
        self.command("qmp_capabilities")

    def command(self, name, timeout=60, **arguments):
        message = {"execute": name, "arguments": arguments}
        self._socket.settimeout(timeout)
        self._socket.sendall(json.dumps(message).encode() + b"\n")
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            for reply in self._read(deadline - time.monotonic()):
                if "error" in reply:
                    raise RuntimeError(f"QMP {name}: {reply['error']['desc']}")
                if "return" in reply:
                    return reply["return"]
        raise TimeoutError(f"QMP {name}: no answer in {timeout} s")

    def monitor(self, line):
        """A command of the human monitor, for what QMP has no command for."""
        return self.command("human-monitor-command", **{"command-line": line})

    def poll(self):
        """Reads the events that have arrived."""
        for _ in self._read(0):
            pass

    def _read(self, timeout):
        self._socket.settimeout(max(timeout, 0.001))
        try:
            data = self._socket.recv(65536)
        except (TimeoutError, socket.timeout):
            return []
        if not data:
            raise ConnectionResetError("QEMU is gone")
        self._buffer += data
        *lines, self._buffer = self._buffer.split(b"\n")
        replies = []
        for message in map(json.loads, filter(bytes.strip, lines)):
            if "event" in message:
                self.events.append(message)
            else:
                replies.append(message)
        return replies
