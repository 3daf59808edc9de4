// Arguments: the words of a command line read into a request document.
//
// `--window 7d` and `--window=7d` are the key "window": "7d"; dashes become underscores; a switch
// is true; a flag given twice becomes a list. `--` ends the flags. Global flags stand anywhere.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/cli/verb_runner.h"
#include "footfall/engine/catalogue.h"

namespace footfall::cli {

enum class OutputForm : unsigned char { kText, kJson, kCsv };

inline constexpr std::size_t kThreadsMax = 1024;

struct Invocation {
  std::string verb;  // "" when only help or the version is wanted.
  std::string shop;
  Json request = Json::object();
  OutputForm form = OutputForm::kText;
  std::size_t threads = 0;  // 0 = all of the machine.
  bool full = false;
  bool quiet = false;
  bool no_color = false;
  bool help = false;  // Help on `verb`, or on request["question"].
  bool version = false;
};

/// Reads the words behind the program's name. Unknown verbs and flags, missing places and values
/// are refused with the nearest names (invalid_argument; `where.field` is the flag). Flags behind a
/// question are not judged here: the question knows its keys.
base::Result<Invocation> parse_arguments(std::span<const std::string> words,
                                         const std::vector<engine::QuestionSummary>& questions);

}  // namespace footfall::cli
