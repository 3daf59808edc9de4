#include "footfall/cli/decision_document.h"

#include <fmt/format.h>

#include "footfall/cli/answer_document.h"

namespace footfall::cli {
namespace {

std::string reason_words(const Json& result, const Json& reason) {
  if (reason.is_string()) return safe(reason.get<std::string>());
  std::string text = member_text(reason, "text");
  const std::string item = member_text(member(reason, "event"), "item");
  if (item.empty() || item != member_text(result, "item")) return text;
  const std::string start = "bought " + item + " ";
  const std::size_t date = text.rfind(" on ");
  if (!text.starts_with(start) || date == std::string::npos) return text;
  return "bought it" + text.substr(date);
}

}  // namespace

std::vector<std::string> reasons_of(const Json& result) {
  std::vector<std::string> words;
  for (const Json& reason : member(result, "reasons")) {
    words.push_back(reason_words(result, reason));
  }
  return words;
}

std::string model_words(const Json& document) {
  const Json& model = member(document, "model");
  if (!model.is_object()) return member_text(document, "model");
  return member_text(model, "name") + " " + member_text(model, "version");
}

std::string receipt_words(const Json& document) {
  std::vector<std::string> parts;
  const std::string asked = request_words(member(document, "request"));
  if (!asked.empty()) parts.push_back(asked);
  const Json& user = member(document, "user");
  if (user.is_number()) parts.push_back("person " + user.dump());
  for (const char* key : {"time", "as_of"}) {
    const std::string instant = member_text(document, key);
    if (!instant.empty()) parts.push_back(spoken(key) + " " + instant_words(instant));
  }
  const Json& probability = member(document, "probability");
  if (probability.is_number()) {
    parts.push_back("probability " + grouped(probability.get<double>(), 2));
  }
  return fmt::format("{}", fmt::join(parts, " · "));
}

std::string fallback_words(const Json& document) {
  const std::string fallback = member_text(document, "fallback");
  if (fallback != "popular") return fallback;
  return "popular: nothing is known to go by, so what is popular now stands";
}

}  // namespace footfall::cli
