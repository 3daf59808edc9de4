#include "footfall/cli/verb_table.h"

#include <fmt/format.h>

#include "footfall/engine/catalogue.h"

namespace footfall::cli {
namespace {

const Place kShop{"SHOP", "shop", true, false, "the shop's folder"};

std::vector<Verb> taking_in() {
  return {
      {"init",
       "make a new, empty shop folder",
       {{"SHOP", "shop", true, false, "the folder to make"}},
       {{"zone", "ZONE", "IANA time zone of the shop's days (default UTC)"},
        {"currency", "CODE", "ISO 4217 currency of its money (default EUR)"},
        {"week-start", "DAY", "first day of the week (default monday)"}},
       {"footfall init demo --zone Europe/London --currency GBP"}},
      {"collect",
       "take in files, clean them, and say what became of every row",
       {kShop,
        {"FILE", "files", false, true,
         "CSV, JSON lines or Parquet, compressed or not; a folder; - for standard input"}},
       {{"as", "KIND", "events, orders, items, stock, users or reviews (default: recognised)"},
        {"map", "FILE", "which column means what, as JSON (default: recognised)"},
        {"dry-run", "", "report what would be taken; keep nothing"},
        {"consent", "CONSENT",
         "granted:PURPOSE,... or denied, for all rows of the call: no answer sees what is denied"},
        {"complete-to", "TIME", "the files hold everything up to this moment"},
        {"known-at", "COLUMN", "column that says when a row became known"},
        {"undo", "BATCH", "take one import back, exactly"},
        {"quarantine", "", "try the quarantined rows again, after a rule was changed"},
        {"drop", "", "with --quarantine: keep them no longer; --undo brings them back"}},
       {"footfall collect demo orders-2011-08.csv.zst", "footfall collect demo exports/ --dry-run",
        "cat events.jsonl | footfall collect demo - --as events",
        "footfall collect demo --undo 17"},
       false,
       "FILE is a file of any name, - for standard input, a pattern, or a folder. Of a folder and "
       "all folders in it the data files are taken (.csv .tsv .txt .json .jsonl .ndjson .parquet, "
       "also with .gz or .zst behind it) and all other names, hidden ones too, are reported as "
       "skipped. A mapping for --map is the member \"mapping\" of what --dry-run --json prints: "
       "save it, "
       "edit it, and pass it by --map; docs/mapping.md tells every key."},
  };
}

std::vector<Verb> asking() {
  return {
      {"ask",
       "answer an exact question on behaviour",
       {kShop, {"QUESTION", "question", true, false, "one of the questions below"}},
       {},
       {"footfall ask demo funnel --steps view_item,add_to_cart,purchase --window 7d",
        "footfall ask demo question.json --json", "footfall ask demo sql \"select 42\""},
       true,
       "A question's document has the flags of `footfall ask SHOP QUESTION --help` as keys, dashes "
       "as _: {\"question\": \"funnel\", \"steps\": [\"view_item\", \"purchase\"], \"window\": "
       "\"7d\"}"},
      {"sql",
       "run SQL over the tables events, orders, order_lines, items, users and usual_cleaning",
       {kShop, {"QUERY", "query", true, false, "one statement that reads; quote it"}},
       {{"limit", "N", "rows shown at most"}},
       {"footfall sql demo \"select country, count(*) from orders group by 1\"",
        "footfall sql demo \"describe order_lines\""},
       false,
       "The dialect is DuckDB's. DESCRIBE TABLE lists the columns; docs/sql.md tells what they "
       "hold, "
       "in which units, with a query for each table."},
      {"learn",
       "train, evaluate and publish models; print a card for each",
       {kShop,
        {"MODEL", "models", false, true,
         fmt::format("some of {} (default: all)", fmt::join(engine::model_catalogue(), ", "))}},
       {{"budget", "TIME", "time to spend at most (default 60s)"},
        {"seed", "N", "same seed, same bytes (default 1)"}},
       {"footfall learn demo", "footfall learn demo transitions --seed 7"}},
      {"decide",
       "recommend items to a person, with reasons and a receipt",
       {kShop, {"KIND", "kind", true, false, "recommend"}},
       {{"user", "ID", "the person, by the shop's own id"},
        {"item", "ID", "an item to start from"},
        {"basket", "ID,ID", "the items of a basket"},
        {"k", "N", "results at most (default 10)"},
        {"bought", "CHOICE",
         "beside --user: allow items that the person bought before, or leave_out (default allow)"}},
       {"footfall decide demo recommend --user 17850 --k 10",
        "footfall decide demo recommend --user 17850 --bought leave_out",
        "footfall decide demo recommend --basket 22697,22699"}},
      {"explain",
       "show the receipt of a decision, the card of a model, or the report of an import",
       {kShop,
        {"ID", "id", true, false,
         "the receipt of a decision (r-…), a model, its version, or the number of an import"}},
       {},
       {"footfall explain demo r-0123456789abc", "footfall explain demo blend",
        "footfall explain demo 1"}},
      {"report",
       "write the shop's standing as one self-contained page",
       {kShop},
       {{"output", "FILE", "the page to write (default report.html)"},
        {"users", "ID,ID", "persons to recommend to, by the shop's own ids"},
        {"collected", "FILE", "what `collect --json` printed (default: of the largest import)"},
        {"learned", "FILE", "what `learn --json` printed (default: learns now)"}},
       {"footfall report demo --output report.html --users 17850,13047,12583"}},
  };
}

std::vector<Verb> keeping() {
  return {
      {"status",
       "sizes, counts and the last snapshot of a shop",
       {kShop},
       {},
       {"footfall status demo"}},
      {"verify",
       "check every stored byte against its checksum",
       {kShop},
       {},
       {"footfall verify demo"}},
      {"backup",
       "copy a shop, also while it is in use",
       {kShop, {"DEST", "destination", true, false, "the folder to make"}},
       {{"with-key", "", "copy the sealing key too; keep such a copy safe"}},
       {"footfall backup demo /mnt/backup/demo"}},
      {"restore",
       "make a shop from a backup",
       {{"DEST", "source", true, false, "what backup made"},
        {"SHOP", "shop", true, false, "the folder to make"}},
       {},
       {"footfall restore /mnt/backup/demo demo"}},
      {"generate",
       "write made-up events of a given size, the same for the same seed",
       {},
       {{"events", "N", "number of events (default 1000000)"},
        {"users", "N", "number of persons (default one in 20 events, at most 50000)"},
        {"days", "N", "length of the history (default 90)"},
        {"items", "N", "number of items (default 30000)"},
        {"seed", "N", "same seed, same bytes (default 1)"},
        {"output", "FILE", "file to write; has to be given", true}},
       {"footfall generate --events 1000000 --users 50000 --days 90 --output e.jsonl"}},
  };
}

}  // namespace

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> table = [] {
    std::vector<Verb> all;
    for (auto group : {taking_in, asking, keeping}) {
      for (Verb& verb : group()) all.push_back(std::move(verb));
    }
    return all;
  }();
  return table;
}

const std::vector<Flag>& global_flags() {
  static const std::vector<Flag> flags = {
      {"json", "", "print the document alone, as JSON"},
      {"csv", "", "print the rows as CSV (ask, sql)"},
      {"full", "", "rules, protocols and tables at full length"},
      {"threads", "N", "threads to use (default: all of the machine)"},
      {"quiet", "", "no progress"},
      {"no-color", "", "no colours (also: NO_COLOR in the environment)"},
      {"help", "", "help on the verb"},
      {"version", "", "the version"},
  };
  return flags;
}

const Verb* find_verb(const std::string& name) {
  for (const Verb& verb : verbs()) {
    if (verb.name == name) return &verb;
  }
  return nullptr;
}

}  // namespace footfall::cli
