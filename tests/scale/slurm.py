"""A Slurm of one machine on loopback, for tests: its own controller and node daemon, without accounts or munge."""
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

PROGRAMS = ("slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol", "sinfo")


def missing():
    """Why Slurm cannot be run here, or None."""
    absent = [name for name in PROGRAMS if shutil.which(name) is None]
    if absent:
        return f"Slurm is not installed: {', '.join(absent)}"
    return None if os.geteuid() == 0 else "Slurm's node daemon wants root"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Slurm:
    def __init__(self, cpus=4):
        # Its sockets lie here, and the path of a socket has at most 107 letters.
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="slurm-"))
        self.host = socket.gethostname().split(".")[0]
        for name in ("state", "spool", "log"):
            (self.dir / name).mkdir(parents=True)
        self.config = self.dir / "slurm.conf"
        self.config.write_text(f"""
ClusterName=test
SlurmctldHost={self.host}(127.0.0.1)
SlurmctldPort={free_port()}
SlurmdPort={free_port()}
AuthType=auth/none
AuthInfo=cred_expire=5
CredType=cred/none
SlurmUser=root
SlurmdUser=root
StateSaveLocation={self.dir}/state
SlurmdSpoolDir={self.dir}/spool
SlurmctldPidFile={self.dir}/ctld.pid
SlurmdPidFile={self.dir}/d.pid
SlurmctldLogFile={self.dir}/log/ctld
SlurmdLogFile={self.dir}/log/d
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,requeue_setup_env_fail
ReturnToService=2
KillWait=2
MinJobAge=300
SlurmctldTimeout=30
SlurmdTimeout=30
SlurmdParameters=config_overrides
MpiDefault=none
NodeName={self.host} NodeAddr=127.0.0.1 CPUs={cpus} Sockets=1 CoresPerSocket={cpus} ThreadsPerCore=1 RealMemory=4000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
""")
        self.environment = os.environ | {"SLURM_CONF": str(self.config)}
        self.daemons = []

    def __enter__(self):
        for program in (["slurmctld", "-D", "-c"], ["slurmd", "-D", "-c"]):
            with open(self.dir / "log" / f"{program[0]}.out", "wb") as log:
                self.daemons.append(subprocess.Popen(program, env=self.environment, stdout=log, stderr=log))
            time.sleep(1)
        deadline = time.monotonic() + 30
        while "idle" not in self.run("sinfo", "-h", "-o", "%t", check=False):
            if any(daemon.poll() is not None for daemon in self.daemons):
                raise RuntimeError("Slurm ended:\n" + self.logs())
            if time.monotonic() > deadline:
                raise RuntimeError("Slurm does not start:\n" + self.logs())
            time.sleep(.2)
        return self

    def __exit__(self, *_):
        self.run("scancel", "--state=PENDING", check=False)
        for daemon in reversed(self.daemons):
            daemon.terminate()
            try:
                daemon.wait(15)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        shutil.rmtree(self.dir, ignore_errors=True)

    def logs(self):
        return "\n".join(f"{path.name}: {path.read_text(errors='replace')[-2000:]}"
                         for path in sorted((self.dir / "log").iterdir()))

    def run(self, *command, check=True, cwd=None, extra=None):
        result = subprocess.run([str(word) for word in command], env=self.environment | (extra or {}), cwd=cwd,
                                capture_output=True, text=True, timeout=60)
        if check and result.returncode != 0:
            raise RuntimeError(f"{command}: {result.stderr}\n{self.logs()}")
        return result.stdout

    def states(self, job):
        """The states of a job's tasks, as squeue calls them; finished ones, too."""
        said = self.run("squeue", "-h", "-r", "-j", job, "-t", "all", "-o", "%K %T", check=False)
        return dict(line.split() for line in said.splitlines())

    def wait(self, job, seconds=90):
        """The states when all tasks have ended."""
        deadline = time.monotonic() + seconds
        while True:
            states = self.states(job)
            if states and all(state in ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL")
                              for state in states.values()):
                return states
            if time.monotonic() > deadline:
                raise RuntimeError(f"job {job} is not done: {states}\n{self.logs()}")
            time.sleep(.3)
