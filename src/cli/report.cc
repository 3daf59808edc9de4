#include "footfall/cli/report.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "footfall/base/words.h"
#include "footfall/cli/answer_document.h"
#include "footfall/cli/failure.h"
#include "footfall/cli/json_file.h"
#include "footfall/engine/output_place.h"

namespace footfall::cli {
namespace {

struct Asked {
  const char* title;
  const char* lead;
  SectionKind kind;
  SectionWidth width;
  const char* request;
};

constexpr Asked kQuestions[] = {
    {"At a glance", "", SectionKind::kFigures, SectionWidth::kWhole, R"({"question":"sales"})"},
    {"Sales by week", "What came in each week, after refunds.", SectionKind::kAnswer,
     SectionWidth::kWhole, R"({"question":"sales","by":"week"})"},
    {"Do customers come back?",
     "Each row is everyone who first bought in that month; read on to see how many bought again.",
     SectionKind::kAnswer, SectionWidth::kHalf,
     R"({"question":"retention","start":"purchase","return":"purchase","period":"month"})"},
    {"Who are the customers?", "By how lately (R) and how often (F) they buy.",
     SectionKind::kAnswer, SectionWidth::kHalf, R"({"question":"rfm"})"},
    {"Top items", "What earns the most.", SectionKind::kAnswer, SectionWidth::kWhole,
     R"({"question":"top_items","limit":10})"},
    {"Bought together", "Who buys the first item also buys the second.", SectionKind::kAnswer,
     SectionWidth::kWhole, R"({"question":"bought_together","limit":10})"},
};

Section failed_section(const std::string& title, SectionWidth width, const base::Error& error) {
  return {title, "", SectionKind::kFailed, width, error_document(error)};
}

Section section_of(const Asked& asked, base::Result<Json> document) {
  if (!document.ok()) return failed_section(asked.title, asked.width, document.error());
  return {asked.title, asked.lead, asked.kind, asked.width, std::move(*document)};
}

base::Result<std::vector<std::string>> users_of(const Json& request) {
  std::vector<std::string> users;
  const Json& named = member(request, "users");
  const std::vector<Json> parts =
      named.is_array() ? named.get<std::vector<Json>>() : std::vector<Json>{named};
  for (const Json& part : parts) {
    if (!part.is_string()) continue;
    const auto text = part.get<std::string>();
    for (std::size_t from = 0; from <= text.size();) {
      const std::size_t comma = std::min(text.find(',', from), text.size());
      const std::string_view user = base::trim(std::string_view(text).substr(from, comma - from));
      if (!user.empty()) users.emplace_back(user);
      from = comma + 1;
    }
  }
  if (users.size() > kReportUsersMax) {
    return base::invalid(
        fmt::format("--users: expected at most {} persons: {}", kReportUsersMax, users.size()),
        "users");
  }
  return users;
}

// A flag that was given once; given twice it is a list.
base::Result<std::string> once(const Json& request, const char* key, const char* otherwise) {
  const auto found = request.find(key);
  if (found == request.end()) return std::string(otherwise);
  if (found->is_string()) return found->get<std::string>();
  return base::invalid(
      fmt::format("--{}: expected one value: {}", key, base::printable(engine::dump(*found))), key);
}

// The document of a file named in the request, or what the verb answers.
base::Result<Json> from_file_or(const Json& request, const char* key,
                                const base::Progress& progress,
                                const std::function<base::Result<Json>()>& otherwise) {
  FOOTFALL_TRY(const std::string path, once(request, key, ""));
  return path.empty() ? otherwise() : read_json_file(path, progress);
}

std::string subtitle(const Json& status) {
  std::string words;
  const auto add = [&](const char* key, const char* unit) {
    const Json& count = member(status, key);
    if (!count.is_number()) return;
    words += (words.empty() ? "" : " · ") + counted_words(count.get<double>(), unit);
  };
  add("events", "events");
  add("persons", "persons");
  add("orders", "orders");
  add("items", "items");
  const Json& snapshot = member(status, "snapshot");
  if (!snapshot.is_null()) {
    words += (words.empty() ? "" : " · ") + std::string("snapshot ") + snapshot_words(snapshot);
  }
  return words;
}

// The number of the import with the most records: the one whose cleaning is worth showing.
std::string largest_import(const Json& status) {
  std::string largest;
  std::int64_t most = 0;
  for (const Json& import : member(status, "imports")) {
    const Json& records = member(import, "records");
    if (!records.is_number_integer() || records.get<std::int64_t>() <= most) continue;
    most = records.get<std::int64_t>();
    largest = member_text(import, "batch");
  }
  return largest;
}

bool stopped(const base::Result<Json>& document) {
  return !document.ok() && document.error().code == base::ErrorCode::kInterrupted;
}

}  // namespace

base::Result<std::vector<Section>> ask_report(const VerbRunner& runner, const Json& request,
                                              ReportHead& head, const base::Progress& progress) {
  FOOTFALL_TRY(const std::vector<std::string> users, users_of(request));
  FOOTFALL_TRY(const Json status, runner("status", Json::object()));
  const std::string shop = member_text(status, "shop");
  head.title = shop.empty() ? "Shop report" : "Shop report: " + shop;
  head.subtitle = subtitle(status);

  std::vector<Section> sections;
  for (const Asked& asked : kQuestions) {
    auto answer = runner("ask", Json::parse(asked.request));
    if (stopped(answer)) return std::move(answer).error();
    sections.push_back(section_of(asked, std::move(answer)));
  }
  const Asked learned{"How good are the recommendations?",
                      "Measured on weeks that were not learnt from, beside the plain bestseller "
                      "list; the bars are 95 % intervals.",
                      SectionKind::kLearned, SectionWidth::kWhole, ""};
  auto cards =
      from_file_or(request, "learned", progress, [&] { return runner("learn", Json::object()); });
  if (stopped(cards)) return std::move(cards).error();
  Section learned_section = section_of(learned, std::move(cards));

  const SectionWidth width = users.size() >= 3 ? SectionWidth::kThird : SectionWidth::kHalf;
  for (const std::string& user : users) {
    const Json wish = {{"kind", "recommend"}, {"user", user}, {"k", 5}};
    auto decision = runner("decide", wish);
    if (stopped(decision)) return std::move(decision).error();
    const std::string title = "For customer " + user;
    sections.push_back(
        section_of({title.c_str(), "What to show next, and why.", SectionKind::kDecided, width, ""},
                   std::move(decision)));
  }
  sections.push_back(std::move(learned_section));
  const std::string import = largest_import(status);
  if (request.contains("collected") || !import.empty()) {
    const Asked collected{"Cleaning report", "What became of every row that came in.",
                          SectionKind::kCollected, SectionWidth::kWhole, ""};
    sections.push_back(section_of(collected, from_file_or(request, "collected", progress, [&] {
                                    return runner("explain", Json{{"id", import}});
                                  })));
  }
  return sections;
}

namespace {

// A page is replaced by a page; whatever else has the name was not meant.
base::Status expect_no_other_file(const std::string& path) {
  std::error_code failure;
  if (!std::filesystem::is_regular_file(path, failure)) return base::Ok{};
  std::string head(1024, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  if (head.empty() || head.find(kPageMark) != std::string::npos) return base::Ok{};
  return base::Error{base::ErrorCode::kAlreadyExists,
                     "expected a new file or an earlier report: " + base::printable(path, 4096),
                     {path, 0, "", "output"},
                     "it holds something else; remove it, or choose another name"};
}

}  // namespace

base::Result<Json> write_report(const VerbRunner& runner, const Json& request,
                                const base::Progress& progress) {
  FOOTFALL_TRY(const std::string path, once(request, "output", "report.html"));
  FOOTFALL_RETURN_IF_ERROR(once(request, "learned", ""));
  FOOTFALL_RETURN_IF_ERROR(once(request, "collected", ""));
  FOOTFALL_RETURN_IF_ERROR(engine::expect_outside_shops(path, "output"));
  FOOTFALL_RETURN_IF_ERROR(expect_no_other_file(path));
  ReportHead head;
  FOOTFALL_TRY(const std::vector<Section> sections, ask_report(runner, request, head, progress));
  const std::string html = report_html(head, sections);
  FOOTFALL_RETURN_IF_ERROR(write_whole_file(path, html));
  std::size_t failed = 0;
  bool learned = false;
  for (const Section& section : sections) {
    failed += section.kind == SectionKind::kFailed ? 1 : 0;
    learned = learned || section.kind == SectionKind::kLearned;
  }
  Json document = Json::object();
  document["output"] = path;
  document["bytes"] = html.size();
  document["sections"] = sections.size();
  document["failed"] = failed;
  if (learned && request.value("learned", "").empty()) {
    document["learned"] =
        "now: `report` has learnt and published a model, by which `decide` decides from now on; "
        "--learned FILE, with what `learn --json` printed, learns nothing";
  }
  if (failed > 0) {
    document["attention"] = fmt::format(
        "{} of {} sections could not be answered; the page says "
        "why",
        failed, sections.size());
  }
  return document;
}

}  // namespace footfall::cli
