#include <fmt/format.h>

#include <algorithm>

#include "footfall/base/words.h"
#include "footfall/cli/answer_document.h"
#include "footfall/cli/decision_document.h"
#include "footfall/cli/render_answer.h"
#include "footfall/cli/render_documents.h"

namespace footfall::cli {
namespace {

// "   1  22355  CHARLOTTE BAG SUKI DESIGN      1.238", and below it why.
std::string render_result(const Json& result, std::size_t place, std::size_t item_width,
                          const Style& style) {
  std::string item = member_text(result, "item");
  if (item.empty()) item = member_text(result, "score");
  const Json& value = member(result, "value");
  const std::string score = value.is_number() ? fmt::format("{:.3f}", value.get<double>()) : "";
  const std::string head = fmt::format("  {:>2}  {}  ", place, pad(item, item_width));
  const std::size_t used = base::display_width(head) + score.size() + 2;
  const std::size_t room = style.width > used ? style.width - used : 0;
  const std::string name = pad(base::shorten(member_text(result, "name"), room), room);
  std::string text =
      head + style.paint(name, Tone::kStrong) + "  " + style.paint(score, Tone::kDim) + "\n";
  constexpr std::size_t kIndent = 6;
  std::string before = "because: ";
  for (const std::string& reason : reasons_of(result)) {
    text += std::string(kIndent, ' ') +
            style.paint(wrap(before + reason, style.width, kIndent + 2, kIndent), Tone::kDim) +
            "\n";
    before.clear();
  }
  return text;
}

std::string asked_words(const Json& document, const Json& request) {
  Json asked = request.is_object() ? request : Json::object();
  asked.erase("kind");
  asked.erase("id");
  const std::string words = request_words(asked);
  return words + (words.empty() ? "by " : " · by ") + model_words(document);
}

}  // namespace

std::string render_decided(const Json& document, const Json& request, const Style& style) {
  const std::string kind = member_text(document, "decision");
  std::string text = headline(kind.empty() ? "Decision" : title_case(kind),
                              asked_words(document, request), style) +
                     "\n";
  const Json& results = member(document, "results");
  if (results.empty()) text += style.paint("  Nothing can be recommended.\n", Tone::kDim);
  constexpr std::size_t kItemMax = 20;
  std::size_t widest = 4;
  for (const Json& result : results) {
    widest = std::max(widest, base::display_width(member_text(result, "item")));
  }
  std::size_t place = 0;
  for (const Json& result : results) {
    text += render_result(result, ++place, std::min(widest, kItemMax), style);
  }
  text += "\n";
  text += note("Fallback", fallback_words(document), style, Tone::kPlain);
  text += note("Catalogue", member_text(document, "catalogue"), style);
  text += note("Asked", receipt_words(document), style);
  text += note("Consent", member_text(document, "consent"), style);
  const std::string receipt = member_text(document, "receipt");
  const bool explained = request.is_object() && request.contains("id");
  if (!receipt.empty()) {
    const std::string hint = " · `footfall explain SHOP " + receipt + "` shows it";
    text += note("Receipt", receipt + (explained ? "" : hint), style);
  }
  text += note("Snapshot", snapshot_words(member(document, "snapshot")), style);
  return text + warning_notes(document, style);
}

}  // namespace footfall::cli
