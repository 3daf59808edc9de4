// Verbs: the engine's front door behind a VerbRunner. The only component here that opens a shop.
#pragma once

#include <string>

#include "footfall/base/progress.h"
#include "footfall/base/time.h"
#include "footfall/cli/verb_runner.h"

namespace footfall::cli {

struct EngineChoice {
  std::string shop;
  std::string key_file;  // "" = SHOP/key.
  std::size_t threads = 1;
  base::TimeMs now = 0;
};

/// The shop is opened by the first verb that needs it and kept for the next ones; a verb that
/// writes opens it again for writing.
VerbRunner engine_runner(const EngineChoice& choice, base::Progress& progress);

}  // namespace footfall::cli
