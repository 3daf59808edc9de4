// Read-ahead: a file is read on a thread of its own while its rows are interpreted.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/events/raw_table.h"

namespace footfall::engine {

/// Chunks of a source in file order, read up to kChunksMax ahead. The source belongs to the thread
/// until this object is gone. One caller.
class ReadAhead {
 public:
  static constexpr std::size_t kChunksMax = 4;

  explicit ReadAhead(events::RowSource& source);
  /// Stops at the next chunk, however much of the source is left, and gives the source up.
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  /// As RowSource::next; after false or an error it is not called again. What `chunk` held is used
  /// again for chunks to come.
  base::Result<bool> next(events::RawChunk& chunk);

 private:
  void read();
  base::Result<bool> read_one(events::RawChunk& chunk);

  events::RowSource& source_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<events::RawChunk> ready_;  // In file order.
  std::vector<events::RawChunk> spent_;  // Their memory serves again.
  base::Result<bool> end_ = true;        // Once done_: false or an error.
  bool done_ = false;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace footfall::engine
