// Questions: what `ask` can answer. Each question is one component; questions.cc lists them.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "footfall/base/progress.h"
#include "footfall/base/result.h"
#include "footfall/base/zone.h"
#include "footfall/engine/json.h"
#include "footfall/engine/request.h"
#include "footfall/store/snapshot.h"
#include "footfall/store/store.h"

namespace footfall::engine {

/// What a question is answered from. All references outlive the call.
struct QuestionContext {
  const store::Snapshot& snapshot;
  const base::Zone& zone;
  const store::ShopSettings& settings;
  int currency_decimals = 2;
  std::size_t threads = 1;
  base::Progress& progress;
};

/// Types of columns, and how a cell of each is held in JSON: text (string), integer, number,
/// money (number in major units), share (number, 0..1, shown as %), instant (RFC 3339 text, UTC),
/// date (text), duration (integer, milliseconds), flag (true or false). null = no value.
struct AnswerColumn {
  std::string name;
  std::string type;
  std::string unit;  // "persons", "GBP", "ms", ...; may be empty.
};

/// How a terminal or page should draw the rows; `columns` by name. Kinds:
/// table; bars {label, value}; funnel {label, value}; series {x, y: [...]};
/// triangle {row, column, value, size} (heat-shaded); grid {row, column, value, label}.
/// "more" lists columns that a narrow terminal may leave out.
struct AnswerView {
  std::string kind = "table";
  Json settings = Json::object();
};

struct Answer {
  std::string rule;  // The whole rule in words, every parameter named.
  std::vector<AnswerColumn> columns;
  std::vector<Json> rows;  // Each an array, one cell a column. In an order that the rule states.
  // Reason, count; zero counts omitted.
  using Counts = std::vector<std::pair<std::string, std::int64_t>>;
  Counts left_out;                                  // Not in the figure that the rows are about.
  Counts counted;                                   // In it, and worth knowing of.
  Json open = Json::object();                       // Open windows and incomplete cells, if any.
  std::vector<std::pair<double, double>> interval;  // 95 %, one a row, or empty.
  std::string interval_of;                          // Column that they are about.
  std::string no_rows;                              // Why there are none, if there are none.
  std::vector<std::string> warnings;
  std::uint64_t units = 0;  // Read, of `unit`.
  std::string unit = "persons";
  std::uint64_t events = 0;  // Events read.
  AnswerView view;
};

struct QuestionKey {
  std::string name;
  std::string help;        // With the default: "window from entry (default 7d)".
  bool is_switch = false;  // True or false; named alone it is true.
};

/// One line of questions.cc registers one of these.
struct QuestionKind {
  std::string name;     // "funnel"
  std::string summary;  // One line for `ask --help`.
  std::vector<QuestionKey> keys;
  std::string example;  // The flags of a working call on the sample shop.
  /// Reads its keys from the request, calls request.finish() itself before any work.
  base::Result<Answer> (*answer)(const QuestionContext& context, Request& request);
};

/// All questions, by name.
const std::vector<QuestionKind>& question_kinds();

/// The standard keys that every question takes beside its own ("question", "from", "to", "limit").
const std::vector<QuestionKey>& standard_keys();

}  // namespace footfall::engine
