// LastTwo: whether a value differs from the two that were seen last.
//
// Counts a person's periods once each. In time order only the period that was seen last can come
// again; where a clock goes back over midnight, which is by less than a day, the one before it too.
#pragma once

#include <utility>

namespace footfall::analytics {

template <typename T>
class LastTwo {
 public:
  /// `none` is no value that will be added.
  explicit LastTwo(T none) : last_(none), before_(none) {}

  /// False for one of the last two.
  bool add(T value) {
    if (value == last_) return false;
    std::swap(last_, before_);
    if (value == last_) return false;
    last_ = value;
    return true;
  }

 private:
  T last_;
  T before_;
};

}  // namespace footfall::analytics
