// Any words as a command line of the terminal, on verbs that answer with the documents of
// cases/documents or with an error: shown or refused, never a failure of our own. What is shown has
// no control characters.
//
// Words end with a line. Files of a command line lie in a folder of this program alone.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "footfall/base/check.h"
#include "footfall/cli/app.h"
#include "footfall/cli/failure.h"
#include "footfall/cli/json_file.h"
#include "footfall/engine/catalogue.h"

namespace {

using namespace footfall;
namespace fs = std::filesystem;

/// Where command lines are run: whoever makes one stands in an empty folder until it goes.
class OwnFolder {
 public:
  OwnFolder() : before_(::open(".", O_RDONLY | O_CLOEXEC)) {
    std::string pattern = fs::temp_directory_path() / "footfall_terminal_fuzz_XXXXXX";
    FOOTFALL_CHECK(before_ >= 0 && ::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
    FOOTFALL_CHECK(::chdir(path_.c_str()) == 0);
    std::ofstream("q.json") << R"({"question": "funnel", "steps": ["view_item", "purchase"]})";
    std::ofstream("bad.json") << R"([1, {"question")";
  }
  OwnFolder(const OwnFolder&) = delete;
  OwnFolder& operator=(const OwnFolder&) = delete;
  ~OwnFolder() {
    FOOTFALL_CHECK(::fchdir(before_) == 0);
    ::close(before_);
    std::error_code failure;
    fs::remove_all(path_, failure);
  }

 private:
  int before_;
  std::string path_;
};

using Samples = std::map<std::string, cli::Json>;

// Read in the root of the repository; without them the answers are empty documents.
const Samples& samples() {
  static const Samples all = [] {
    Samples read;
    for (const char* name :
         {"funnel", "sales_by_week", "retention", "rfm", "bought_together", "top_items", "status",
          "learned", "collected", "decided", "explained", "verified", "backed_up"}) {
      auto document = cli::read_json_file(std::string("cases/documents/") + name + ".json");
      read[name] = document.ok() ? *document : cli::Json::object();
    }
    return read;
  }();
  return all;
}

base::Result<cli::Json> answer(const std::string& verb, const cli::Json& request) {
  static const std::map<std::string, std::string> kNames = {
      {"sql", "top_items"},   {"collect", "collected"}, {"learn", "learned"},
      {"decide", "decided"},  {"explain", "explained"}, {"status", "status"},
      {"verify", "verified"}, {"backup", "backed_up"}};
  if (verb == "ask") {
    const cli::Json question = request.value("question", cli::Json());
    const auto found =
        samples().find(question.is_string() ? question.get<std::string>() : "sales_by_week");
    if (found != samples().end()) return found->second;
  }
  if (const auto name = kNames.find(verb); name != kNames.end()) return samples().at(name->second);
  return base::invalid("expected another request: " + verb, "field");
}

// Lines of CSV end in CR LF, and JSON may hold a DEL as it is.
bool printable(const std::string& text, bool as_json) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\r' && text.substr(i, 2) == "\r\n") continue;
    if (byte != '\n' && (byte < ' ' || (byte == 0x7F && !as_json))) return false;
  }
  return true;
}

// Neither another folder's files, nor standard input, nor a name too long for a file.
bool may_be_run(const std::vector<std::string>& words) {
  return std::none_of(words.begin(), words.end(), [](const std::string& word) {
    return word.find('/') != std::string::npos || word == "-" || word.ends_with("=-") ||
           word.find('\0') != std::string::npos;
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> words(1);
  for (const char c : std::string(reinterpret_cast<const char*>(data), size)) {
    if (c == '\n') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  if (!may_be_run(words)) return 0;
  static const std::vector<engine::QuestionSummary> questions = engine::question_catalogue();
  samples();
  const auto maker = [](const cli::Invocation&, base::Progress&) {
    return cli::VerbRunner(answer);
  };
  cli::Outcome outcome;
  {
    const OwnFolder folder;
    outcome = cli::run_app(words, {}, questions, maker);
  }
  const bool as_json =
      std::find(words.begin(), words.end(), "--json") < std::find(words.begin(), words.end(), "--");
  FOOTFALL_CHECK(printable(outcome.output, as_json) && printable(outcome.errors, false));
  // What run_app says of an exception; a command line may say it too.
  const std::string own_failure = "own failure";
  const std::string said = outcome.output + outcome.errors;
  FOOTFALL_CHECK(said.find(own_failure) == std::string::npos ||
                 std::string(reinterpret_cast<const char*>(data), size).find(own_failure) !=
                     std::string::npos);
  // What asks for attention is said on standard error too.
  if (!as_json) return 0;
  FOOTFALL_CHECK(cli::Json::accept(outcome.output));
  FOOTFALL_CHECK(outcome.errors.empty() || outcome.exit_code == cli::kExitLook);
  return 0;
}
