"""A session of Apache Spark, or of what speaks its language, opened without noise or open doors."""

import importlib
import importlib.util
import os
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

# What a session may ask of a cluster that others use too.
SPARK_SESSION_SETTINGS = {"spark.sql.session.timeZone": "UTC"}
SPARK_SETTINGS = {
    **SPARK_SESSION_SETTINGS,
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # A territory's tables are small for Spark: two hundred partitions cost more than they give.
    "spark.sql.shuffle.partitions": "8",
}
# A Spark of this process alone opens nothing to the network.
SPARK_LOCAL_SETTINGS = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    # Its workers run our functions: they find them where this process does.
    # Else the workers are the machine's own Python, which has none of our libraries.
    "spark.pyspark.python": sys.executable,
    "spark.executorEnv.PYTHONPATH": str(Path(__file__).resolve().parents[2]),
}
QUIET_LOG = """\
rootLogger.level = error
rootLogger.appenderRef.stderr.ref = stderr
appender.stderr.type = Console
appender.stderr.name = stderr
appender.stderr.target = SYSTEM_ERR
appender.stderr.layout.type = PatternLayout
appender.stderr.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n
"""


class EngineMissing(Exception):
    """The engine asked for cannot be had here; `message_fr` says what to do."""

    def __init__(self, message_fr: str) -> None:
        super().__init__(message_fr)
        self.message_fr = message_fr


def spark_session(address: str) -> Any:
    """A session of the Spark or Sail at an address, or of a Spark of this process for `local[2]`.

    Raises EngineMissing, with what to install or to check.
    """
    if importlib.util.find_spec("pyspark") is None:
        raise EngineMissing(
            "Apache Spark n’est pas installé ici : lancez « ./atre extra spark » (il faut aussi "
            "Java 17 pour un Spark local ; Sail s’ajoute par « ./atre extra sail »)."
        )
    is_remote = address.startswith("sc://")
    if not is_remote:
        _need_java()
        # Else its workers are the machine's own Python, which has none of our libraries.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    sql = importlib.import_module("pyspark.sql")
    builder = sql.SparkSession.builder.appName("atre")
    builder = builder.remote(address) if is_remote else builder.master(address)
    with _quiet_logs() as options:
        own = {"spark.driver.extraJavaOptions": options, **SPARK_LOCAL_SETTINGS}
        settings = SPARK_SETTINGS | (own if address.startswith("local") else {})
        for key, value in (SPARK_SESSION_SETTINGS if is_remote else settings).items():
            builder = builder.config(key, value)
        try:
            session = builder.getOrCreate()
            spoken_name(session)
        except Exception as failure:
            raise EngineMissing(
                f"Aucun moteur ne répond à {address} : vérifiez l’adresse, et qu’il tourne."
            ) from failure
    return session


def spoken_name(session: Any) -> str:
    """« spark » or « sail »: Sail answers to Spark's own name and version, its catalogue does not."""
    [[catalogue]] = session.sql("SELECT current_catalog()").collect()
    return "sail" if catalogue == "sail" else "spark"


def given_in_arrow(backend: Any) -> Any:
    """The same backend, that hands the rows we give it to Spark as they are. Ibis 12 makes pandas of
    them, where a missing number becomes one that is not a number, and counts."""

    def register(given: Any) -> None:
        rows = given.data.to_pyarrow(given.schema).combine_chunks()
        frame = backend._session.createDataFrame(rows, schema=spark_schema(rows.schema))
        frame.createOrReplaceTempView(given.name)

    backend._register_in_memory_table = register
    return backend


def spark_frame(backend: Any, expression: Any) -> Any:
    """An expression of Ibis as a data frame of Spark, not computed yet."""
    with warnings.catch_warnings():
        # Spark Connect says of each table sent to it that it will not check its types.
        warnings.simplefilter("ignore", UserWarning)
        backend._run_pre_execute_hooks(expression)
    frame = backend._session.sql(str(backend.compile(expression)))
    # A page of rows comes with the number that Ibis gave to each.
    return frame.select(*expression.columns)


def spark_schema(schema: pa.Schema) -> Any:
    """The same schema, in Spark's types."""
    types = importlib.import_module("pyspark.sql.pandas.types")
    return types.from_arrow_schema(schema)


def _need_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java") is None and not (home and Path(home, "bin", "java").exists()):
        raise EngineMissing(
            "Un Spark local demande Java 17, que cette machine n’a pas. Sous Debian ou Ubuntu : "
            "sudo apt install openjdk-17-jre-headless. Sail (« ./atre extra sail ») n’en a pas besoin."
        )


@contextmanager
def _quiet_logs() -> Iterator[str]:
    """The option of a Spark of our own that says nothing but its faults, while it starts."""
    with TemporaryDirectory(prefix="atre-spark-") as folder:
        quiet = Path(folder, "log4j2.properties")
        quiet.write_text(QUIET_LOG, encoding="ascii")
        yield f"-Dlog4j2.configurationFile=file:{quiet}"
