// A wish to stop that a test holds in its hand.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "footfall/base/progress.h"

namespace footfall::connectors {

/// Shows nothing, and hears the wish as soon as `*stop` is true.
class StopAtOnce final : public base::Progress {
 public:
  explicit StopAtOnce(const std::atomic<bool>* stop) : base::Progress(stop) {}
  void stage(const std::string&, std::int64_t, const std::string&) override {}
  void advance(std::int64_t) override {}
};

}  // namespace footfall::connectors
