#include "footfall/base/progress.h"

namespace footfall::base {
namespace {

const std::atomic<bool> kNeverStop{false};

class SilentProgress : public Progress {
 public:
  SilentProgress() : Progress(&kNeverStop) {}
  void stage(const std::string&, std::int64_t, const std::string&) override {}
  void advance(std::int64_t) override {}
};

}  // namespace

Progress& silent_progress() {
  static SilentProgress progress;
  return progress;
}

}  // namespace footfall::base
