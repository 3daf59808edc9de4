"""Compares Footfall with DuckDB and ClickHouse on the same made-up events: see ./run bench.

All engines load the same Parquet file and answer the same questions with the same number of
threads, in turns, in one run. First everything is checked on a small shop against the written
definitions; on the large one the engines' answers must be equal to each other.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

import duckdb

import engines
import questions

ROOT = pathlib.Path(__file__).parent.parent
PROGRAM = ROOT / "build/release/footfall"
SMALL = {"events": 8_000, "users": 600, "days": 60, "seed": 7}


def say(text):
    print(text, file=sys.stderr, flush=True)


def read_arguments():
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__.split("\n")[0])
    parser.add_argument("--events", type=int, default=20_000_000)
    parser.add_argument("--users", type=int, default=0, help="default: one for 20 events")
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--engines", default="footfall,duckdb,clickhouse")
    parser.add_argument("--name", default="", help="of the result files, after the date")
    arguments = parser.parse_args()
    arguments.users = arguments.users or max(1, arguments.events // 20)
    return arguments


def make_engines(names, folder, threads):
    folder.mkdir(parents=True, exist_ok=True)
    made = {"footfall": lambda: engines.Footfall(PROGRAM, folder, threads),
            "duckdb": lambda: engines.DuckDb(folder, threads),
            "clickhouse": lambda: engines.ClickHouse(folder, threads)}
    return [made[name]() for name in names.split(",")]


def check_small(all_engines, folder):
    """Every way of every engine against the definitions, on a shop small enough to count."""
    parquet = engines.make_parquet(PROGRAM, folder, SMALL)
    events = duckdb.connect().execute(
        'select event, "user", "timestamp", cast(coalesce(price, 0) * 100 as bigint), '
        f"coalesce(quantity, 0) from read_parquet('{parquet}')").fetchall()
    expected = questions.brute_force(events)
    for engine in all_engines:
        engine.load(parquet)
        for question in questions.QUESTIONS:
            for way in engine.ways(question):
                answer = questions.tidy_answer(question, engine.ask(question, way)[1])
                if answer != expected[question]:
                    raise SystemExit(f"bench: {engine.name} ({way}) answers {question} wrongly on "
                                     f"the small shop: {difference(answer, expected[question])}")
    say(f"· all answers on {len(events):,} events equal the definitions")


def difference(answer, expected):
    first = [(a, b) for a, b in zip(answer, expected) if a != b][:1]
    return f"{len(answer)} and {len(expected)} rows, first difference {first}"


def choose_ways(engine):
    """The fastest way of each question, by the better of two runs; and the times of the ways that
    are only reported (questions.ASIDE)."""
    chosen, aside = {}, {}
    for question in questions.QUESTIONS:
        times = {}
        for way in engine.ways(question):
            times[way] = min(engine.ask(question, way)[0] for _ in range(2))
            if way in questions.ASIDE:
                aside[f"{question} by {way}"] = times.pop(way)
        chosen[question] = min(times, key=times.get)
    return chosen, aside


def measure(all_engines, parquet, repeat):
    """{question: {engine: [seconds]}}, with load as a question; answers must agree."""
    times = {name: {engine.name: [] for engine in all_engines}
             for name in ["load", *questions.QUESTIONS]}
    for turn in range(repeat):
        for engine in all_engines:
            times["load"][engine.name].append(engine.load(parquet))
        say(f"· load, turn {turn + 1} of {repeat}: "
            + ", ".join(f"{e.name} {times['load'][e.name][-1]:.1f} s" for e in all_engines))
    ways, aside = {}, {}
    for engine in all_engines:
        ways[engine.name], aside[engine.name] = choose_ways(engine)
    equal = {}
    for question in questions.QUESTIONS:
        for turn in range(repeat):
            answers = []
            for engine in all_engines:
                seconds, rows = engine.ask(question, ways[engine.name][question])
                times[question][engine.name].append(seconds)
                answers.append(questions.tidy_answer(question, rows))
            equal[question] = all(answer == answers[0] for answer in answers)
            if not equal[question]:
                raise SystemExit(f"bench: the answers to {question} differ: "
                                 + difference(answers[0], answers[-1]))
        say(f"· {question}: " + ", ".join(
            f"{e.name} {statistics.median(times[question][e.name]):.4f} s" for e in all_engines))
    return times, ways, aside, equal


def machine():
    model = platform.machine()
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"processor": model, "cores": os.cpu_count(), "memory_gib": round(memory, 1),
            "system": f"{platform.system()} {platform.release()}", "load": os.getloadavg()[0]}


def write_results(arguments, all_engines, measured):
    times, ways, aside, equal = measured
    medians = {name: {engine: statistics.median(seconds) for engine, seconds in row.items()}
               for name, row in times.items()}
    ratios = {}
    for name, row in medians.items():
        peers = [seconds for engine, seconds in row.items() if engine != "footfall"]
        if "footfall" in row and peers:
            ratios[name] = min(peers) / row["footfall"]
    document = {
        "date": str(datetime.date.today()), "machine": machine(),
        "versions": {engine.name: engine.version() for engine in all_engines},
        "data": {key: getattr(arguments, key) for key in ("events", "users", "days", "seed")},
        "threads": arguments.threads, "repeat": arguments.repeat, "seconds": times,
        "median": medians, "ratio_to_faster_peer": ratios, "ways": ways,
        "seconds_aside": aside, "equal": equal,
        "status": next((e.status for e in all_engines if e.name == "footfall"), {}),
    }
    stem = f"{document['date']}-{arguments.name or format_count(arguments.events)}"
    folder = ROOT / "bench/results"
    folder.mkdir(exist_ok=True)
    (folder / f"{stem}.json").write_text(json.dumps(document, indent=1) + "\n")
    text = as_markdown(document)
    (folder / f"{stem}.md").write_text(text)
    print(text)
    say(f"written: bench/results/{stem}.json and .md")


def format_count(number):
    for size, letter in ((10**6, "m"), (10**3, "k")):
        if number % size == 0:
            return f"{number // size}{letter}"
    return str(number)


def as_markdown(document):
    names = list(document["versions"])
    data, host = document["data"], document["machine"]
    lines = [f"# {data['events']:,} events, {data['users']:,} users, {data['days']} days, "
             f"{document['threads']} threads", "",
             f"{document['date']}; {host['processor']}, {host['cores']} cores, "
             f"{host['memory_gib']} GiB, {host['system']}, load {host['load']:.1f}; "
             f"seed {data['seed']}; median of {document['repeat']}, in turns; "
             + "; ".join(document["versions"].values()) + ".", "",
             "| question | " + " | ".join(f"{name}, s" for name in names)
             + " | ratio to the faster peer | answers |", "|---" * (len(names) + 3) + "|"]
    for question, row in document["median"].items():
        cells = [f"{row[name]:.4f}" for name in names]
        ratio = document["ratio_to_faster_peer"].get(question)
        cells.append(f"{ratio:.1f}" if ratio else "")
        cells.append("equal" if document["equal"].get(question) else "")
        lines.append(f"| {question} | " + " | ".join(cells) + " |")
    lines += ["", "Load: Parquet in time order into a table sorted by user and time, each time in "
              "a process of its own; Footfall also validates, removes duplicates, seals ids and "
              "syncs. Ways of asking: "
              + "; ".join(f"{name}: " + ", ".join(f"{q} by {w}" for q, w in
                                                  document["ways"][name].items())
                          for name in names if name != "footfall") + "."]
    for name in names:
        for way, seconds in document["seconds_aside"][name].items():
            reason = questions.ASIDE[way.split(" by ")[1]]
            lines += ["", f"Beside these, {name} took {seconds:.4f} s for {way}, which {reason}."]
    return "\n".join(lines) + "\n"


def main():
    arguments = read_arguments()
    folder = ROOT / "build/bench-data"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        all_engines = make_engines(arguments.engines, pathlib.Path(place), arguments.threads)
        if arguments.check:
            return check_small(all_engines, folder)
        # A process opens one embedded ClickHouse: the small shop has its own.
        checked = subprocess.run([sys.executable, __file__, *sys.argv[1:], "--check"])
        if checked.returncode:
            raise SystemExit(checked.returncode)
        parquet = engines.make_parquet(PROGRAM, folder, {
            key: getattr(arguments, key) for key in ("events", "users", "days", "seed")})
        say(f"· data: {parquet.name}, {parquet.stat().st_size / 2**20:.0f} MiB")
        write_results(arguments, all_engines, measure(all_engines, parquet, arguments.repeat))


if __name__ == "__main__":
    main()
