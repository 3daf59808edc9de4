// App: one command line from words to exit code, without touching the process around it.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "footfall/base/progress.h"
#include "footfall/cli/arguments.h"
#include "footfall/cli/style.h"
#include "footfall/cli/verb_runner.h"

namespace footfall::cli {

inline constexpr const char* kVersion = "0.1.0";

/// What the process knows of where it stands.
struct Surroundings {
  bool output_is_terminal = false;
  bool errors_are_terminal = false;
  std::size_t columns = 80;
  bool no_color = false;
  std::function<void(const std::string&)> write_progress = {};  // To standard error.
  std::function<base::TimeMs()> clock = {};                     // Milliseconds, never going back.
  const std::atomic<bool>* stop = nullptr;                      // Null = never.
};

/// Opens what runs the verbs of this invocation; the progress outlives the runner.
using RunnerMaker =
    std::function<VerbRunner(const Invocation& invocation, base::Progress& progress)>;

struct Outcome {
  int exit_code = 0;
  std::string output;  // For standard output.
  std::string errors;  // For standard error.
};

/// Runs one command line. With --json the output is one document alone, errors too.
Outcome run_app(const std::vector<std::string>& words, const Surroundings& surroundings,
                const std::vector<engine::QuestionSummary>& questions, const RunnerMaker& runner);

}  // namespace footfall::cli
