// AnswerDocument: an answer (CONTRACT.md, "ask") opened for drawing, on a terminal or a page.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/base/zone.h"
#include "footfall/cli/verb_runner.h"

namespace footfall::cli {

/// A column and how its cells read: every number of one column has the same decimals.
struct ShownColumn {
  std::string name;
  std::string type;  // AnswerColumn's types: text, integer, number, money, share, ...
  std::string unit;
  int decimals = 0;
  bool never_zero = false;  // 0 stands for less than can be held, as of a chance.
  bool verbatim = false;    // The name is the asker's own, as in SQL.

  std::string title() const;       // "net revenue" for "net_revenue", unless verbatim.
  bool right() const;              // Numbers stand to the right.
  std::string unit_shown() const;  // "GBP", or "" where the unit adds nothing.
};

/// Reads a document that the engine made; `document` must outlive it.
class AnswerDocument {
 public:
  /// Refuses documents without columns and rows (damaged), which no engine makes.
  static base::Result<AnswerDocument> read(const Json& document);

  const std::vector<ShownColumn>& columns() const { return columns_; }
  std::size_t row_count() const { return rows_->size(); }
  const Json& cell(std::size_t row, std::size_t column) const;
  /// The cell for people: "1,234", "12.3 %", "2d 3h", local time; "–" for no value.
  std::string text(std::size_t row, std::size_t column) const;
  /// A value in the manner of a column.
  std::string text_of(const Json& value, const ShownColumn& column) const;
  /// The cell as a number, if it is one.
  std::optional<double> number(std::size_t row, std::size_t column) const;

  std::string view_kind() const;
  /// Column named by a setting of the view ("label", "value"), if it is there.
  std::optional<std::size_t> view_column(std::string_view setting) const;
  /// Columns named by a setting that holds a list, or one name.
  std::vector<std::size_t> view_columns(std::string_view setting) const;
  std::optional<std::size_t> find_column(std::string_view name) const;

  /// Column that the 95 % intervals are about: the view's "interval", else the last share, else
  /// the last number; nothing where the answer has no intervals.
  std::optional<std::size_t> interval_column() const;
  std::string interval_text(std::size_t row) const;
  std::optional<std::pair<double, double>> interval(std::size_t row) const;

  const Json& document() const { return *document_; }
  const base::Zone& zone() const { return zone_; }

 private:
  AnswerDocument(const Json& document, base::Zone zone);
  const Json& view() const;

  const Json* document_;
  const Json* rows_;
  base::Zone zone_;
  std::vector<ShownColumn> columns_;
};

/// "net revenue" for "net_revenue", "AOV" for "aov".
std::string spoken(std::string_view name);
/// "Bought together" for "bought_together", "RFM" for "rfm".
std::string title_case(std::string_view name);

/// The keys of a request but the question's name: "by week · from 2011-01-01"; "" for none.
std::string request_words(const Json& request);

/// "2d 3h", "45m", "12.5 s", "350 ms".
std::string duration_words(std::int64_t milliseconds);

/// A number with grouped thousands and so many decimals: "-1,234.50".
std::string grouped(double number, int decimals);

/// "1 person", "12 persons" for a unit in words such as "persons and guest orders".
std::string counted_words(double count, std::string_view unit);

/// A share as per cent: "12.3 %", "0.04 %", "<0.01 %".
std::string share_words(double share);

/// "2011-08-31 16:45 UTC" for "2011-08-31T16:45:00.123Z"; other texts as they are.
std::string instant_words(const std::string& text);

/// A warning of a document: one that only says that the asker's own limit was kept is none to look
/// at.
struct ShownWarning {
  std::string text;
  bool harmless = false;
};
std::vector<ShownWarning> read_warnings(const Json& document);

/// Text of a document made safe to print: no control characters.
std::string safe(std::string_view text);

/// "12 · content 3f2a9c01 · complete to 2011-08-31 17:45 Europe/London" for a snapshot document.
std::string snapshot_words(const Json& snapshot);

/// "guest 88,652 · no session 12" for [{reason, count}].
std::string counts_words(const Json& counts);
/// A member of an object, or null: documents may leave members out.
const Json& member(const Json& object, std::string_view key);
/// A member as text: strings as they are, numbers dumped, "" for null or absent.
std::string member_text(const Json& object, std::string_view key);

}  // namespace footfall::cli
