"""Several programs in one foreground tree: they live and stop together, whatever stops us."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import click

from passerelles.core.errors import AlreadyTaken, Impossible

PATIENCE = 30.0
"""Seconds left to a program to finish what it was doing."""
PAUSE_BEFORE_RESTART = 2.0


def module_command(module: str, *arguments: str) -> list[str]:
    """The command line that runs a module with this very interpreter."""
    return [sys.executable, "-m", module, *arguments]


@dataclass
class Family:
    """Programs started together. Those in `restarted` are started again when they end by themselves."""

    commands: Mapping[str, Sequence[str]]
    environment: Mapping[str, str] = field(default_factory=dict)
    restarted: frozenset[str] = frozenset()
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    stopping: bool = False

    def run(self, once_started: Callable[[], None] = lambda: None) -> int:
        """Start every program and stay until Ctrl-C, SIGTERM, or the end of one that is not restarted.

        Returns 0 when we were asked to stop, 1 when a program failed.
        """
        former = {number: signal.signal(number, self._ask_to_stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            for name in self.commands:
                self._start(name)
            once_started()
            return self._watch()
        finally:
            self.stop()
            for number, handler in former.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """Ask every program to finish, then insist."""
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + PATIENCE
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def alive(self, name: str) -> bool:
        return self.children[name].poll() is None

    def _ask_to_stop(self, *_: object) -> None:
        self.stopping = True

    def _start(self, name: str) -> None:
        self.children[name] = subprocess.Popen(  # noqa: S603
            list(self.commands[name]),
            env={**os.environ, **self.environment},
            # Ctrl-C reaches us alone: we stop the others in order.
            process_group=0,
            preexec_fn=_die_with_parent,  # noqa: PLW1509
        )

    def _watch(self) -> int:
        while not self.stopping:
            for name, child in list(self.children.items()):
                if child.poll() is None:
                    continue
                if name not in self.restarted:
                    click.echo(f"Le programme « {name} » s’est arrêté (code {child.returncode}).", err=True)
                    return 1
                click.echo(f"Le programme « {name} » s’est arrêté : il est relancé.", err=True)
                time.sleep(PAUSE_BEFORE_RESTART)
                if not self.stopping:
                    self._start(name)
            time.sleep(0.2)
        return 0


def refuse_busy_port(host: str, port: int) -> None:
    """Raises `AlreadyTaken` when something listens there already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AlreadyTaken(
                f"Le port {port} est déjà occupé sur {host}.", remedy=f"Choisissez-en un autre : --port {port + 1}."
            ) from error


def wait_for_port(host: str, port: int, still_there: Callable[[], bool], patience: float = 60.0) -> None:
    """Until the address answers. Raises `Impossible` when the program ended first or is too long."""
    deadline = time.monotonic() + patience
    while True:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.settimeout(1)
            if probe.connect_ex((host, port)) == 0:
                return
        if not still_there():
            raise Impossible("Le serveur de pages s’est arrêté aussitôt : lisez son message ci-dessus.")
        if time.monotonic() > deadline:
            raise Impossible(f"Le serveur de pages ne répond pas sur le port {port}.")
        time.sleep(0.1)


def _die_with_parent() -> None:
    """On Linux, a child gets SIGTERM when we are killed without notice."""
    if sys.platform == "linux":
        parent_death_signal = 1
        ctypes.CDLL(None).prctl(parent_death_signal, signal.SIGTERM)
