// Commit mark: how far a journal had got when its last change was acknowledged, kept apart from its
// log, so that a log that was lost or cut afterwards is noticed.
#pragma once

#include <cstdint>
#include <string>

#include "footfall/base/result.h"

namespace footfall::store {

/// A small file, written anew in place after each change is durable. So it may be behind the
/// journal after a crash, and is never ahead of it. Its two halves take turns: a write that was
/// torn leaves the mark before it.
class CommitMark {
 public:
  explicit CommitMark(const std::string& folder) : folder_(folder) {}
  CommitMark(const CommitMark&) = delete;
  CommitMark& operator=(const CommitMark&) = delete;
  ~CommitMark();

  /// The number last written; 0 without a mark, as in shops of earlier versions.
  static std::uint64_t read(const std::string& folder);
  /// Whether there is a mark of which no half is whole, or that cannot be opened.
  static bool is_unreadable(const std::string& folder);
  /// Durable when it returns; `number` never falls.
  base::Status write(std::uint64_t number);

 private:
  base::Status open();

  std::string folder_;
  int descriptor_ = -1;
  std::size_t next_half_ = 0;
};

}  // namespace footfall::store
