// JsonNames: whether every name of a JSON object stands in it once.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace footfall::events {

/// Names of one object, as views that outlive it.
class JsonNames {
 public:
  void add(std::string_view name) { names_.push_back(name); }

  /// A name that was added twice, if one was. O(n log n); sorts the names.
  std::optional<std::string_view> twice() {
    std::sort(names_.begin(), names_.end());
    const auto found = std::adjacent_find(names_.begin(), names_.end());
    return found == names_.end() ? std::nullopt : std::optional(*found);
  }

 private:
  std::vector<std::string_view> names_;
};

}  // namespace footfall::events
