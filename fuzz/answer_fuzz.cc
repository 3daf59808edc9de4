// Any JSON document as an answer, a report of collect, cards or a decision, as `report` reads them
// from files: drawn on a terminal and on a page, or refused. What is drawn has no control
// characters, and a page no script.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "footfall/base/check.h"
#include "footfall/cli/answer_document.h"
#include "footfall/cli/json_file.h"
#include "footfall/cli/render_answer.h"
#include "footfall/cli/render_documents.h"
#include "footfall/cli/report_html.h"

namespace {

using namespace footfall;

bool printable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\n' || (byte >= ' ' && byte != 0x7F);
  });
}

void check_terminal(const cli::Json& document) {
  const bool is_answer = cli::AnswerDocument::read(document).ok();
  FOOTFALL_CHECK(cli::render_csv(document).ok() == is_answer);
  for (const cli::Style& style : {cli::Style{}, cli::Style{false, cli::kWidthMin, true}}) {
    const auto answer = cli::render_answer(document, document, style);
    FOOTFALL_CHECK(answer.ok() == is_answer);
    FOOTFALL_CHECK(answer.ok() ? printable(*answer) : !answer.error().message.empty());
    for (const char* const verb : {"collect", "status", "verify", "learn", "explain"}) {
      const auto text = cli::render_document(verb, document, document, style);
      if (text.ok()) FOOTFALL_CHECK(printable(*text));
    }
  }
}

void check_page(const cli::Json& document) {
  std::vector<cli::Section> sections;
  for (const cli::SectionKind kind :
       {cli::SectionKind::kFigures, cli::SectionKind::kAnswer, cli::SectionKind::kCollected,
        cli::SectionKind::kLearned, cli::SectionKind::kDecided, cli::SectionKind::kFailed}) {
    sections.push_back({"title", "lead", kind, cli::SectionWidth::kWhole, document});
  }
  const std::string page = cli::report_html({"title", "subtitle"}, sections);
  FOOTFALL_CHECK(printable(page) && page.find("<script") == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document =
      cli::parse_json(std::string(reinterpret_cast<const char*>(data), size), "fuzz");
  if (!document.ok()) return 0;
  check_terminal(*document);
  check_page(*document);
  return 0;
}
