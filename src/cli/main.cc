#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "footfall/base/parallel.h"
#include "footfall/base/words.h"
#include "footfall/cli/app.h"
#include "footfall/cli/failure.h"
#include "footfall/cli/signals.h"
#include "footfall/cli/verbs.h"
#include "footfall/engine/catalogue.h"

namespace {

using footfall::base::TimeMs;
namespace cli = footfall::cli;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::size_t terminal_columns() {
  if (const int columns = std::atoi(environment("COLUMNS").c_str()); columns > 0) {
    return static_cast<std::size_t>(columns);
  }
  winsize size = {};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

template <typename Clock>
TimeMs milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch())
      .count();
}

cli::Surroundings surroundings(const std::atomic<bool>& stop) {
  cli::Surroundings found;
  found.output_is_terminal = isatty(STDOUT_FILENO) == 1;
  found.errors_are_terminal = isatty(STDERR_FILENO) == 1;
  found.columns = terminal_columns();
  found.no_color = !environment("NO_COLOR").empty() || environment("TERM") == "dumb";
  found.write_progress = [](const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
  };
  found.clock = milliseconds<std::chrono::steady_clock>;
  found.stop = &stop;
  return found;
}

footfall::cli::VerbRunner open_engine(const cli::Invocation& invocation,
                                      footfall::base::Progress& progress) {
  const std::size_t threads =
      invocation.threads > 0 ? invocation.threads : footfall::base::hardware_threads();
  return cli::engine_runner({invocation.shop, environment("FOOTFALL_KEY_FILE"), threads,
                             milliseconds<std::chrono::system_clock>()},
                            progress);
}

// Started with one of them closed, the next file that is opened would be taken for it.
void hold_standard_files() {
  for (int file = 0; file <= 2; ++file) {
    if (::fcntl(file, F_GETFD) != -1 || errno != EBADF) continue;
    static_cast<void>(::open("/dev/null", file == 0 ? O_RDONLY : O_WRONLY));
  }
}

// Writes the outcome. A reader that has gone away is no failure: `| head` is quiet.
int deliver(const cli::Outcome& outcome) {
  std::fwrite(outcome.errors.data(), 1, outcome.errors.size(), stderr);
  errno = 0;
  const std::string& text = outcome.output;
  const bool whole = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (std::fflush(stdout) == 0 && whole) return outcome.exit_code;
  const int failure = errno;
  if (failure == EPIPE) return outcome.exit_code;
  std::fprintf(stderr, "footfall: expected to write standard output: %s\n",
               footfall::base::system_reason(failure).c_str());
  return cli::kExitFailed;
}

}  // namespace

int main(int count, char** words) {
  hold_standard_files();
  try {
    const std::atomic<bool>& stop = cli::watch_signals();
    return deliver(cli::run_app({words + 1, words + count}, surroundings(stop),
                                footfall::engine::question_catalogue(), open_engine));
  } catch (const std::exception& failure) {  // Where not even an answer could be made.
    std::fprintf(stderr, "footfall: expected more memory or a whole machine: %s\n", failure.what());
    return cli::kExitFailed;
  }
}
