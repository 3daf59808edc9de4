// Any bytes as a command line (words end with a line), as a text case, as a consent and as a key
// file: read or refused with a message.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "footfall/base/check.h"
#include "footfall/cli/arguments.h"
#include "footfall/cli/case_runner.h"
#include "footfall/decisions/receipt.h"
#include "footfall/engine/catalogue.h"
#include "footfall/engine/consent.h"
#include "footfall/privacy/keys.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace footfall;
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == '\n') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  static const std::vector<engine::QuestionSummary> questions = engine::question_catalogue();
  const auto invocation = cli::parse_arguments(words, questions);
  if (invocation.ok()) {
    FOOTFALL_CHECK(invocation->threads <= cli::kThreadsMax && invocation->request.is_object());
  } else {
    FOOTFALL_CHECK(!invocation.error().message.empty());
  }
  const auto text_case = cli::parse_case(text, "fuzz.case");
  if (!text_case.ok()) FOOTFALL_CHECK(!text_case.error().message.empty());
  const bool covers = engine::consent_covers(text, "analytics_storage");
  if (covers) FOOTFALL_CHECK(text != "denied");
  if (decisions::is_receipt_id(text)) FOOTFALL_CHECK(text.size() == 15);
  const auto key = privacy::parse_key(text);
  if (key.ok()) FOOTFALL_CHECK(*privacy::parse_key(privacy::format_key(*key)) == *key);
  return 0;
}
