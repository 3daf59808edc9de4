#include "footfall/engine/read_ahead.h"

#include <new>
#include <utility>

namespace footfall::engine {

ReadAhead::ReadAhead(events::RowSource& source) : source_(source), thread_([this] { read(); }) {}

ReadAhead::~ReadAhead() {
  {
    const std::lock_guard guard(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  source_.give_up();
  thread_.join();
}

// Nobody hears what this thread throws: it comes as an error.
base::Result<bool> ReadAhead::read_one(events::RawChunk& chunk) {
  try {
    return source_.next(chunk);
  } catch (const std::bad_alloc&) {
    return base::Error{base::ErrorCode::kMemory, "expected more memory: none is left"};
  }
}

void ReadAhead::read() {
  for (;;) {
    events::RawChunk chunk;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stop_ || ready_.size() < kChunksMax; });
      if (stop_) return;
      if (!spent_.empty()) {
        chunk = std::move(spent_.back());
        spent_.pop_back();
      }
    }
    base::Result<bool> more = read_one(chunk);
    {
      const std::lock_guard guard(mutex_);
      done_ = !more.ok() || !*more;
      if (done_) {
        end_ = std::move(more);
      } else {
        ready_.push_back(std::move(chunk));
      }
    }
    changed_.notify_all();
    if (done_) return;
  }
}

base::Result<bool> ReadAhead::next(events::RawChunk& chunk) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return done_ || !ready_.empty(); });
  if (ready_.empty()) return std::move(end_);
  spent_.push_back(std::exchange(chunk, std::move(ready_.front())));
  ready_.erase(ready_.begin());
  lock.unlock();
  changed_.notify_all();
  return true;
}

}  // namespace footfall::engine
