"""The three engines of the comparison: each loads the same Parquet file and answers questions.

Every load runs in a process of its own, so that no engine starts with memory that the system has
given it already. A peer's time is taken inside that process, without its start; Footfall's is that
of the whole program. `engines.py NAME FOLDER PARQUET THREADS` is such a load.
"""
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

import chdb
import duckdb
from chdb import session

import questions


class Footfall:
    """The program itself, on a shop of its own. A question's time is taken inside the process."""

    name = "footfall"

    def __init__(self, program, folder, threads):
        self.program, self.threads = str(program), threads
        self.shop = folder / "shop"
        self.status = {}

    def version(self):
        return self.run("--version").stdout.strip()

    def run(self, *words):
        done = subprocess.run([self.program, *map(str, words)], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"bench: footfall {words[0]} failed: {done.stderr.strip()}"
                             f"{done.stdout.strip()[:500]}")
        return done

    def load(self, parquet):
        shutil.rmtree(self.shop, ignore_errors=True)
        self.run("init", self.shop, "--zone", "UTC")
        began = time.perf_counter()
        report = json.loads(self.run("collect", self.shop, parquet, "--threads", self.threads,
                                     "--json").stdout)
        seconds = time.perf_counter() - began
        if report["taken"] != report["rows_read"]:
            raise SystemExit(f"bench: footfall took {report['taken']} of {report['rows_read']}")
        status = json.loads(self.run("status", self.shop, "--json").stdout)
        # Sizes and counts; places are those of one machine.
        self.status = {key: value for key, value in status.items()
                       if isinstance(value, (int, float))}
        return seconds

    def ways(self, question):
        return ["counts", "all details"] if question in questions.DETAILED else ["kernel"]

    def ask(self, question, way):
        words, read = questions.FOOTFALL[question]
        if way == "counts":
            words = [*words, "--details", "no"]
        # The first answer of a process checks and maps what it reads; those after it are warm, as
        # the peers are, whose process stays.
        document = json.loads(self.run("ask", self.shop, *words, "--threads", self.threads,
                                       "--repeat", 6, "--limit", 1_000_000, "--json").stdout)
        if "seconds" not in document:
            raise SystemExit("bench: the answer of `footfall ask --repeat` names no seconds")
        names = [column["name"] for column in document["columns"]]
        rows = [dict(zip(names, row)) for row in document["rows"]]
        return statistics.median(document["seconds"][1:]), read(rows)


class Peer:
    """What the peers have in common: loads in processes of their own, questions in this one."""

    def __init__(self, folder, threads):
        self.folder, self.threads = folder, threads
        self.opened = None

    def load(self, parquet):
        if self.opened is not None:
            raise SystemExit(f"bench: {self.name} was asked already: it is loaded before that")
        words = [sys.executable, __file__, self.name, self.folder, parquet, self.threads]
        done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"bench: {self.name} failed to load: {done.stderr.strip()}")
        return float(done.stdout.split()[-1])

    def connection(self):
        if self.opened is None:
            self.opened = self.open()
        return self.opened


class DuckDb(Peer):
    """A table on disk in the order of users and times."""

    name = "duckdb"

    def version(self):
        return f"DuckDB {duckdb.__version__}"

    def open(self):
        connection = duckdb.connect(str(self.folder / "peer.duckdb"))
        connection.execute(f"set threads = {self.threads}")
        return connection

    def fill(self, parquet):
        for old in self.folder.glob("peer.duckdb*"):
            old.unlink()
        connection = self.open()
        began = time.perf_counter()
        connection.execute(
            "create table events as select event::enum('view_item', 'add_to_cart', 'purchase') as "
            'event, "user"::uinteger as "user", item::uinteger as item, "timestamp" as "time", '
            f"price, quantity, transaction_id from read_parquet('{parquet}') "
            'order by "user", "time"')
        connection.execute("checkpoint")
        seconds = time.perf_counter() - began
        connection.close()
        return seconds

    def ways(self, question):
        return list(questions.DUCKDB[question])

    def ask(self, question, way):
        connection = self.connection()
        began = time.perf_counter()
        rows = connection.execute(questions.DUCKDB[question][way]).fetchall()
        return time.perf_counter() - began, rows


class ClickHouse(Peer):
    """A MergeTree ordered by user and time, merged into one part."""

    name = "clickhouse"

    def version(self):
        return f"ClickHouse {self.rows('select version()')[0][0]} (chdb {chdb.__version__})"

    def rows(self, sql):
        text = self.connection().query(sql, "JSONCompactEachRow").bytes().decode()
        return [json.loads(line) for line in text.splitlines()]

    def open(self):
        opened = session.Session(str(self.folder / "peer.clickhouse"))
        opened.query("create database if not exists shop")
        opened.query("use shop")
        opened.query(f"set max_threads = {self.threads}")
        opened.query(f"set max_insert_threads = {self.threads}")
        opened.query("set output_format_json_quote_64bit_integers = 0")
        return opened

    def fill(self, parquet):
        shutil.rmtree(self.folder / "peer.clickhouse", ignore_errors=True)
        opened = self.open()
        began = time.perf_counter()
        opened.query(
            "create table events (event Enum8('view_item' = 1, 'add_to_cart' = 2, 'purchase' = 3), "
            "user UInt32, item UInt32, time UInt32, price Decimal64(2), quantity UInt8, "
            "transaction_id UInt32) engine = MergeTree order by (user, time)")
        opened.query(
            "insert into events select event, user, item, timestamp, ifNull(price, 0), "
            f"ifNull(quantity, 0), ifNull(transaction_id, 0) from file('{parquet}', Parquet)")
        opened.query("optimize table events final")
        seconds = time.perf_counter() - began
        opened.close()
        return seconds

    def ways(self, question):
        return list(questions.CLICKHOUSE[question])

    def ask(self, question, way):
        began = time.perf_counter()
        rows = self.rows(questions.CLICKHOUSE[question][way])
        return time.perf_counter() - began, rows


def make_parquet(program, folder, options):
    """The generated events as one Parquet file in time order; made once and kept."""
    path = folder / ("events-{events}-{users}-{days}-{seed}.parquet".format(**options))
    if path.exists():
        return path
    text = folder / "events.csv"
    text.unlink(missing_ok=True)  # Of a run that was interrupted.
    words = [str(program), "generate", "--output", str(text)]
    for name, value in options.items():
        words += [f"--{name}", str(value)]
    subprocess.run(words, check=True)
    part = pathlib.Path(f"{path}.part")
    duckdb.connect().execute(
        f"copy (select * from read_csv('{text}', columns = {{'event': 'varchar', 'user': "
        "'uinteger', 'item': 'uinteger', 'timestamp': 'bigint', 'price': 'decimal(12, 2)', "
        "'quantity': 'integer', 'transaction_id': 'bigint'})) "
        f"to '{part}' (format parquet)")
    text.unlink()
    part.rename(path)
    return path


def load_alone(name, folder, parquet, threads):
    peers = {peer.name: peer for peer in (DuckDb, ClickHouse)}
    print(peers[name](pathlib.Path(folder), int(threads)).fill(parquet))


if __name__ == "__main__":
    load_alone(*sys.argv[1:])
