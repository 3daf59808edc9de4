"""The questions of the comparison, as each engine asks them.

Every question has one definition (docs and `brute_force` below) and, for each peer, one or more
ways to say it in SQL; the fastest way that gives the right answer stands for the peer. Answers are
lists of tuples of whole numbers and names, sorted, so that they can be compared exactly.
Times are Unix seconds; no person has two events in one second.
"""
import collections

DAY = 86_400
WINDOW = 7 * DAY
GAP = 1_800
STEPS = ("view_item", "add_to_cart", "purchase")

# Footfall: the words of the question, and how to read its rows. Funnels and sessions are asked for
# the counts that the peers' SQL gives; the whole answer (times, open windows, engagement) besides.
FOOTFALL = {
    "funnel": (["funnel", "--steps", ",".join(STEPS), "--window", "7d"],
               lambda rows: [(row["persons"],) for row in rows]),
    "sessions": (["sessions", "--gap", "30m"],
                 lambda rows: [(row["sessions"], row["persons"]) for row in rows]),
    "retention": (["retention", "--period", "week", "--periods", "60"],
                  lambda rows: [(row["cohort"], row["period"], row["returned"]) for row in rows
                                if row["returned"]]),
    "transitions": (["transitions"],
                    lambda rows: [(row["from"], row["to"], row["count"]) for row in rows]),
    "rfm": (["rfm"],
            lambda rows: [(row["recency"], row["frequency"], row["persons"], cents(row["money"]))
                          for row in rows if row["persons"]]),
}
QUESTIONS = list(FOOTFALL)

DETAILED = {"funnel", "sessions"}  # Footfall's questions that can leave details out.

# Measured and reported, but no ratio is taken with them. "stored order" leans on the order in which
# a table happens to be scanned, which SQL does not promise; "all details" is more than was asked.
ASIDE = {"stored order": "leans on the order of a scan that SQL does not promise",
         "all details": "gives times, open windows or engagement besides the counts"}

# Monday of a week as a date, from its number since the week of 1970-01-01.
WEEK_DUCKDB = '(("time" // 86400 + 3) // 7)'
MONDAY_DUCKDB = "strftime(date '1970-01-01' + cast({} * 7 - 3 as integer), '%Y-%m-%d')"
WEEK_CLICKHOUSE = "intDiv(intDiv(time, 86400) + 3, 7)"
MONDAY_CLICKHOUSE = "toString(toDate(toUInt16({} * 7 - 3)))"

DUCKDB = {
    "funnel": {
        "windows": f"""
            with a as (select "user", event, "time",
                         max(case when event = 'view_item' then "time" end) over w as v
                       from events window w as (partition by "user" order by "time")),
                 b as (select *, max(case when event = 'add_to_cart' then v end)
                         over (partition by "user" order by "time") as c from a)
            select (select count(distinct "user") from events where event = 'view_item'),
              count(distinct case when event = 'add_to_cart' and "time" - v <= {WINDOW}
                             then "user" end),
              count(distinct case when event = 'purchase' and "time" - c <= {WINDOW}
                             then "user" end) from b""",
        # The newest view before the newest cart before a purchase leaves the most time.
        "asof joins": f"""
            with v as (select "user", "time" from events where event = 'view_item'),
                 c as (select "user", "time" from events where event = 'add_to_cart'),
                 p as (select "user", "time" from events where event = 'purchase'),
                 vc as (select c."user", c."time", v."time" as entry from c asof join v
                        on c."user" = v."user" and c."time" > v."time"),
                 vcp as (select p."user", p."time", vc.entry from p asof join vc
                         on p."user" = vc."user" and p."time" > vc."time")
            select (select count(distinct "user") from v),
              (select count(distinct "user") from vc where "time" - entry <= {WINDOW}),
              (select count(distinct "user") from vcp where "time" - entry <= {WINDOW})""",
    },
    "sessions": {
        "windows": f"""
            select count(*) filter (where gap is null or gap >= {GAP}),
              count(distinct "user") from (
              select "user", "time" - lag("time") over (partition by "user" order by "time") as gap
              from events)""",
        # The table was loaded in the order of users and times.
        "stored order": f"""
            select count(*) filter (where is_new or gap >= {GAP}),
              count(*) filter (where is_new) from (
              select "user" is distinct from lag("user") over () as is_new,
                "time" - lag("time") over () as gap from events)""",
    },
    "retention": {
        "windows": f"""
            with weeks as (select distinct "user", {WEEK_DUCKDB} as week from events),
                 cohorts as (select *, min(week) over (partition by "user") as cohort from weeks)
            select {MONDAY_DUCKDB.format("cohort")}, cast(week - cohort as integer), count(*)
            from cohorts group by all""",
        "joins": f"""
            with weeks as (select distinct "user", {WEEK_DUCKDB} as week from events),
                 cohorts as (select "user", min(week) as cohort from weeks group by "user")
            select {MONDAY_DUCKDB.format("cohort")}, cast(week - cohort as integer), count(*)
            from weeks join cohorts using ("user") group by all""",
        "bits": f"""
            with base as (select min({WEEK_DUCKDB}) as base from events),
                 bits as (select "user", bit_or(1::ubigint << ({WEEK_DUCKDB} - base)::integer) as b
                          from events, base group by "user"),
                 words as (select b, count(*) as persons from bits group by b),
                 weeks as (select b, persons, n, min(n) over (partition by b) as first
                           from words, range(64) as r(n) where (b >> n::integer) & 1 = 1)
            select {MONDAY_DUCKDB.format("(first + base)")}, cast(n - first as integer),
              cast(sum(persons) as bigint) from weeks, base group by all""",
    },
    "transitions": {
        "windows": """
            select event::varchar, following::varchar, count(*) from (
              select event, lead(event) over (partition by "user" order by "time") as following
              from events) where following is not null group by all""",
        "stored order": """
            select before::varchar, event::varchar, count(*) from (
              select "user" = lag("user") over () as same, lag(event) over () as before, event
              from events) where same group by all""",
    },
    "rfm": {
        "ranks": """
            with buyers as (select "user", max("time" // 86400) as day, count(*) as orders,
                              sum(cast(price * 100 as bigint) * quantity) as cents
                            from events where event = 'purchase' group by "user"),
                 scores as (select cents,
                              1 + 5 * (rank() over (order by day) - 1) // count(*) over () as r,
                              1 + 5 * (rank() over (order by orders) - 1) // count(*) over () as f
                            from buyers)
            select cast(r as integer), cast(f as integer), count(*), cast(sum(cents) as bigint)
            from scores group by all""",
    },
}

CLICKHOUSE = {
    "funnel": {
        "windowFunnel": f"""
            select countIf(depth >= 1), countIf(depth >= 2), countIf(depth >= 3) from (
              select windowFunnel({WINDOW})(time, event = 'view_item', event = 'add_to_cart',
                event = 'purchase') as depth from events group by user)""",
        "windowFunnel in order": f"""
            select countIf(depth >= 1), countIf(depth >= 2), countIf(depth >= 3) from (
              select windowFunnel({WINDOW})(time, event = 'view_item', event = 'add_to_cart',
                event = 'purchase') as depth from events group by user)
            settings optimize_aggregation_in_order = 1""",
    },
    "sessions": {
        "arrays": f"""
            select sum(1 + arrayCount(d -> d >= {GAP}, arrayDifference(arraySort(times)))), count()
            from (select groupArray(time) as times from events group by user)""",
        "arrays in order": f"""
            select sum(1 + arrayCount(d -> d >= {GAP}, arrayDifference(arraySort(times)))), count()
            from (select groupArray(time) as times from events group by user)
            settings optimize_aggregation_in_order = 1""",
        "windows": f"""
            select countIf(before = 0 or time - before >= {GAP}), countIf(before = 0) from (
              select time, lagInFrame(time) over (partition by user order by time
                rows between 1 preceding and current row) as before from events)""",
    },
    "retention": {
        "arrays": f"""
            select {MONDAY_CLICKHOUSE.format("cohort")}, week - cohort as n, count() from (
              select groupUniqArray({WEEK_CLICKHOUSE}) as weeks, arrayMin(weeks) as cohort
              from events group by user) array join weeks as week group by cohort, n""",
        "bits": f"""
            with (select min({WEEK_CLICKHOUSE}) from events) as base
            select {MONDAY_CLICKHOUSE.format("(base + first)")}, n - first as later, sum(persons)
            from (select bits, count() as persons, bitPositionsToArray(bits) as weeks,
                    arrayMin(weeks) as first from (
                    select groupBitOr(bitShiftLeft(toUInt64(1), {WEEK_CLICKHOUSE} - base)) as bits
                    from events group by user) group by bits)
            array join weeks as n group by first, later""",
    },
    "transitions": {
        "windows": """
            select toString(before), toString(event), count() from (
              select event, lagInFrame(event) over w as before, row_number() over w as number
              from events window w as (partition by user order by time
                rows between 1 preceding and current row))
            where number > 1 group by before, event""",
        "arrays": """
            select toString(pair.1), toString(pair.2), count() from (
              select arrayMap(x -> x.2, arraySort(groupArray((time, event)))) as names
              from events group by user)
            array join arrayZip(arrayPopBack(names), arrayPopFront(names)) as pair group by pair""",
    },
    "rfm": {
        "ranks": """
            with buyers as (select user, max(intDiv(time, 86400)) as day, count() as orders,
                              sum(toInt64(price * 100) * quantity) as cents
                            from events where event = 'purchase' group by user)
            select 1 + intDiv(5 * (r - 1), n) as recency, 1 + intDiv(5 * (f - 1), n) as frequency,
              count(), sum(cents) from (
              select cents, rank() over (order by day) as r, rank() over (order by orders) as f,
                count() over () as n from buyers) group by recency, frequency""",
    },
}


def cents(amount):
    return round(float(amount) * 100)


def tidy_answer(question, rows):
    """Rows of an engine in the one form that is compared."""
    rows = [tuple(int(v) if not isinstance(v, str) else v for v in row) for row in rows]
    if question == "funnel" and len(rows) == 1:
        rows = [(v,) for v in rows[0]]
    return rows if question == "funnel" else sorted(rows)


def brute_force(events):
    """Every answer from (event, user, second, price in cents, quantity), by the definitions."""
    people = collections.defaultdict(list)
    for event, user, second, price, quantity in events:
        people[user].append((second, event, price * quantity))
    depths = [0, 0, 0]
    sessions = 0
    cells, pairs, buyers = (collections.Counter() for _ in range(3))
    buyers = []
    for timeline in people.values():
        timeline.sort()
        for depth in range(depth_of(timeline)):
            depths[depth] += 1
        sessions += 1 + sum(b[0] - a[0] >= GAP for a, b in zip(timeline, timeline[1:]))
        weeks = {(second // DAY + 3) // 7 for second, _, _ in timeline}
        cells.update((min(weeks), week - min(weeks)) for week in weeks)
        pairs.update((a[1], b[1]) for a, b in zip(timeline, timeline[1:]))
        bought = [(second // DAY, paid) for second, event, paid in timeline if event == STEPS[2]]
        if bought:
            buyers.append((max(bought)[0], len(bought), sum(paid for _, paid in bought)))
    grid = collections.defaultdict(lambda: [0, 0])
    for day, orders, paid in buyers:
        recency = 1 + 5 * sum(other[0] < day for other in buyers) // len(buyers)
        frequency = 1 + 5 * sum(other[1] < orders for other in buyers) // len(buyers)
        grid[recency, frequency][0] += 1
        grid[recency, frequency][1] += paid
    return {
        "funnel": [(depth,) for depth in depths],
        "sessions": [(sessions, len(people))],
        "retention": sorted((monday(week), n, count) for (week, n), count in cells.items()),
        "transitions": sorted((a, b, count) for (a, b), count in pairs.items()),
        "rfm": sorted((*cell, *sums) for cell, sums in grid.items()),
    }


def depth_of(timeline):
    """The deepest chain view < cart < purchase that ends at most WINDOW after its view."""
    deepest = 0
    for i, (entry, first, _) in enumerate(timeline):
        if first != STEPS[0]:
            continue
        deepest = max(deepest, 1)
        for j in range(i + 1, len(timeline)):
            if timeline[j][1] != STEPS[1] or timeline[j][0] - entry > WINDOW:
                continue
            deepest = max(deepest, 2)
            if any(event == STEPS[2] and second - entry <= WINDOW
                   for second, event, _ in timeline[j + 1:]):
                return 3
    return deepest


def monday(week):
    import datetime
    return str(datetime.date(1970, 1, 1) + datetime.timedelta(days=week * 7 - 3))
