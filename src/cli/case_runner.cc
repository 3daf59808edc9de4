#include "footfall/cli/case_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "footfall/base/time.h"
#include "footfall/base/words.h"
#include "footfall/cli/answer_document.h"
#include "footfall/cli/json_file.h"

namespace footfall::cli {
namespace {

constexpr base::TimeMs kCaseStart = 1'709'510'400'000;  // 2024-03-04T00:00:00Z.

std::string full_name(const std::string& name) {
  if (name == "view") return "view_item";
  if (name == "cart") return "add_to_cart";
  if (name == "pay") return "purchase";
  return name;
}

std::vector<std::string> split(const std::string& text, const std::string& separators) {
  std::vector<std::string> words;
  for (std::size_t at = text.find_first_not_of(separators); at != std::string::npos;) {
    const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
    words.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(separators, end);
  }
  return words;
}

// Words of a line; a text in quotes is one word, quotes and all blanks kept out.
std::vector<std::string> quoted_words(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  bool any = false;
  for (const char c : line + " ") {
    if (c == '"') {
      quoted = !quoted;
      any = true;
    } else if (c == ' ' && !quoted) {
      if (any) words.push_back(word);
      word.clear();
      any = false;
    } else {
      word += c;
      any = true;
    }
  }
  return words;
}

class Parser {
 public:
  Parser(const std::string& text, const std::string& file) : lines_(lines_of(text)) {
    case_.file = file;
  }

  base::Result<Case> parse() {
    while (at_ < lines_.size()) {
      const std::vector<std::string> words = split(lines_[at_], " ");
      ++at_;
      if (words.empty() || words[0][0] == '#') continue;
      if (words[0] == "shop") {
        FOOTFALL_RETURN_IF_ERROR(add_keys(words, 1, case_.shop));
      } else if (words[0] == "events" && words.size() == 1) {
        FOOTFALL_RETURN_IF_ERROR(parse_events());
      } else if (words[0] == "ask" && words.size() > 1) {
        FOOTFALL_RETURN_IF_ERROR(parse_question(words));
      } else {
        return refuse("shop, events or ask", lines_[at_ - 1]);
      }
    }
    if (case_.questions.empty()) return refuse("at least one question", case_.file);
    return std::move(case_);
  }

 private:
  static std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t from = 0; from < text.size();) {
      const std::size_t end = std::min(text.find('\n', from), text.size());
      lines.emplace_back(base::trim(std::string_view(text).substr(from, end - from)));
      from = end + 1;
    }
    return lines;
  }

  // The line that was read last.
  base::Error refuse(const std::string& expected, const std::string& found) const {
    base::Error error = base::invalid(
        fmt::format("{}:{}: expected {}: {}", case_.file, at_, expected, base::printable(found)));
    error.where.file = case_.file;
    error.where.row = static_cast<std::int64_t>(at_);
    return error;
  }

  base::Status add_keys(const std::vector<std::string>& words, std::size_t from, Json& request) {
    for (std::size_t i = from; i < words.size(); ++i) {
      const std::size_t equals = words[i].find('=');
      if (equals == std::string::npos || equals == 0) return refuse("key=value", words[i]);
      const std::string key = words[i].substr(0, equals);
      std::string value = words[i].substr(equals + 1);
      if (key == "steps" || key == "start" || key == "return") {
        std::vector<std::string> names = split(value, ",");
        for (std::string& name : names) name = full_name(name);
        value = fmt::format("{}", fmt::join(names, ","));
      }
      request[key] = value;
    }
    return base::Ok{};
  }

  base::Status parse_events() {
    for (; at_ < lines_.size() && !lines_[at_].empty(); ++at_) {
      if (lines_[at_][0] == '#') continue;
      const std::vector<std::string> words = split(lines_[at_], " ");
      if (words.size() % 2 == 0) {
        ++at_;
        return refuse("a user, then names and times in pairs", lines_[at_ - 1]);
      }
      for (std::size_t i = 1; i < words.size(); i += 2) {
        const auto time = base::parse_duration(words[i + 1]);
        if (!time.ok()) {
          ++at_;
          return refuse("a time such as 0m, 30m or 1d12h", words[i + 1]);
        }
        FOOTFALL_RETURN_IF_ERROR(add_event(words[0], words[i], *time));
      }
    }
    return base::Ok{};
  }

  // "pay(item=i1,price=9.50)": a word without "=" is the item.
  base::Status add_event(const std::string& user, const std::string& word, base::TimeMs time) {
    Json event = Json::object();
    const std::size_t open = word.find('(');
    event["id"] = fmt::format("e{}", case_.events.size() + 1);
    event["event"] = full_name(word.substr(0, open));
    event["user"] = user;
    event["time"] = kCaseStart + time;
    event["sequence"] = case_.events.size() + 1;
    for (const char* key : {"item", "quantity", "price", "order"}) event[key] = nullptr;
    if (open != std::string::npos) {
      if (word.back() != ')') {
        ++at_;
        return refuse("a closing bracket", word);
      }
      for (const auto& part : split(word.substr(open + 1, word.size() - open - 2), ",")) {
        const std::size_t equals = part.find('=');
        const std::string key = equals == std::string::npos ? "item" : part.substr(0, equals);
        if (!event.contains(key)) {
          ++at_;
          return refuse("item, quantity, price or order", key);
        }
        event[key] = equals == std::string::npos ? part : part.substr(equals + 1);
      }
    }
    case_.events.push_back(std::move(event));
    return base::Ok{};
  }

  base::Status parse_question(const std::vector<std::string>& words) {
    CaseQuestion question;
    question.row = static_cast<std::int64_t>(at_);
    question.request["question"] = words[1];
    FOOTFALL_RETURN_IF_ERROR(add_keys(words, 2, question.request));
    const std::string next = at_ < lines_.size() ? lines_[at_++] : "";
    if (next != "----") return refuse("---- below the question", next);
    for (; at_ < lines_.size() && !lines_[at_].empty(); ++at_) {
      if (std::count(lines_[at_].begin(), lines_[at_].end(), '"') % 2 != 0) {
        ++at_;
        return refuse("a closing quote", lines_[at_ - 1]);
      }
      const std::vector<std::string> cells = quoted_words(lines_[at_]);
      if (question.columns.empty()) {
        if (cells[0] == "error" && cells.size() == 2) {
          question.error = cells[1];
          continue;
        }
        question.columns = cells;
      } else if (cells.size() == 1 && cells[0] == "...") {
        question.more_rows = true;
      } else if (cells.size() == question.columns.size()) {
        question.rows.push_back(cells);
      } else {
        ++at_;
        return refuse(fmt::format("{} cells", question.columns.size()), lines_[at_ - 1]);
      }
    }
    if (question.columns.empty() == question.error.empty()) {
      return refuse("columns and rows, or an error", words[1]);
    }
    case_.questions.push_back(std::move(question));
    return base::Ok{};
  }

  std::vector<std::string> lines_;
  std::size_t at_ = 0;  // Lines read so far.
  Case case_;
};

std::string cell_words(const Json& cell) {
  if (cell.is_null()) return "-";
  return cell.is_string() ? cell.get<std::string>() : cell.dump();
}

std::optional<double> as_number(const std::string& text) {
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Numbers are equal to the digits that the case writes down: 0.333 is a third.
bool equal_cells(const std::string& expected, const Json& found) {
  const auto number = as_number(expected);
  if (!number.has_value() || !found.is_number()) return expected == cell_words(found);
  const std::size_t point = expected.find('.');
  if (point == std::string::npos) return found.get<double>() == *number;
  const auto decimals = static_cast<double>(expected.size() - point - 1);
  return std::fabs(found.get<double>() - *number) <= 0.5 * std::pow(10.0, -decimals) + 1e-12;
}

std::string compare(const CaseQuestion& question, const AnswerDocument& answer) {
  std::vector<std::size_t> columns;
  for (const auto& name : question.columns) {
    const auto column = answer.find_column(name);
    if (!column.has_value()) {
      std::vector<std::string> names;
      for (const auto& there : answer.columns()) names.push_back(there.name);
      return fmt::format("expected a column of the answer, one of {}: {}", fmt::join(names, ", "),
                         name);
    }
    columns.push_back(*column);
  }
  const auto found_row = [&](std::size_t row) {
    std::vector<std::string> words;
    for (const std::size_t column : columns) words.push_back(cell_words(answer.cell(row, column)));
    return fmt::format("{}", fmt::join(words, "  "));
  };
  for (std::size_t row = 0; row < question.rows.size(); ++row) {
    const std::string expected = fmt::format("{}", fmt::join(question.rows[row], "  "));
    if (row >= answer.row_count()) return fmt::format("expected a row {}: none", expected);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (equal_cells(question.rows[row][i], answer.cell(row, columns[i]))) continue;
      return fmt::format("expected in row {}: {}; found: {}", row + 1, expected, found_row(row));
    }
  }
  if (!question.more_rows && answer.row_count() > question.rows.size()) {
    return fmt::format("expected no further row: {}", found_row(question.rows.size()));
  }
  return "";
}

std::string ask_and_compare(const CaseQuestion& question, const VerbRunner& runner) {
  const auto document = runner("ask", question.request);
  if (!document.ok()) {
    const std::string code = base::error_code_name(document.error().code);
    if (question.error == code) return "";
    return fmt::format("expected {}: {} ({})",
                       question.error.empty() ? "an answer" : question.error, code,
                       document.error().message);
  }
  if (!question.error.empty()) return fmt::format("expected {}: an answer", question.error);
  const auto answer = AnswerDocument::read(*document);
  if (!answer.ok()) return answer.error().message;
  return compare(question, *answer);
}

}  // namespace

base::Result<Case> parse_case(const std::string& text, const std::string& file) {
  return Parser(text, file).parse();
}

Json case_mapping(const Json& events) {
  Json mapping = Json::parse(R"({"kind": "events", "event": {"column": "event"}, "user": "user",
    "time": {"column": "time", "unit": "ms"}, "sequence": "sequence", "event_id": "id",
    "item": "item", "quantity": "quantity", "price": "price", "order": "order"})");
  // A column that no event fills is not in the file.
  for (const char* key : {"item", "quantity", "price", "order"}) {
    const bool used = std::any_of(events.begin(), events.end(),
                                  [&](const Json& event) { return !member(event, key).is_null(); });
    if (!used) mapping.erase(key);
  }
  return mapping;
}

base::Result<std::vector<std::string>> run_case(const Case& text_case, const VerbRunner& runner,
                                                const std::string& scratch) {
  FOOTFALL_RETURN_IF_ERROR(runner("init", text_case.shop));
  std::string lines;
  for (const Json& event : text_case.events) lines += event.dump() + "\n";
  const std::string path = scratch + "/case.jsonl";
  if (!lines.empty()) {
    FOOTFALL_RETURN_IF_ERROR(write_whole_file(path, lines));
    Json request = Json::object();
    request["files"] = Json::array({path});
    request["as"] = "events";
    request["map"] = case_mapping(text_case.events);
    FOOTFALL_TRY(const Json collected, runner("collect", request));
    if (member(collected, "taken") != Json(text_case.events.size())) {
      return base::Error{base::ErrorCode::kInvalidArgument,
                         fmt::format("{}: expected all {} events to be taken: {}", text_case.file,
                                     text_case.events.size(), collected.dump()),
                         {},
                         ""};
    }
  }
  std::vector<std::string> differences;
  for (const CaseQuestion& question : text_case.questions) {
    const std::string difference = ask_and_compare(question, runner);
    if (difference.empty()) continue;
    differences.push_back(fmt::format("{}:{}: {}", text_case.file, question.row, difference));
  }
  return differences;
}

}  // namespace footfall::cli
