// New pages: what an import adds to the shop's dictionaries, on its way into the journal and files.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "footfall/store/intake.h"
#include "footfall/store/page_file.h"
#include "footfall/store/store_impl.h"

namespace footfall::store {

/// Alive while a draft is made. Of the draft it changes the batch, the manifest's dictionaries and
/// the list of written files.
class NewPages {
 public:
  NewPages(const StoreImpl& store, Draft& draft)
      : store_(store), draft_(draft), writer_(store.path + "/pages") {}

  /// Begins to write the large ones, on another thread. The intake's pages have to stay until
  /// finish(). kMemory for a page larger than the options allow.
  base::Status put(const Intake& intake);
  /// When this says ok, all large pages are durable. Comes before the draft is given up.
  base::Status finish() { return writer_.finish(); }

 private:
  base::Status check_size(std::uint64_t bytes) const;
  void put_page(const PageKind& kind, std::uint32_t first, std::string_view bytes);

  const StoreImpl& store_;
  Draft& draft_;
  std::deque<std::string> encoded_;
  PageWriter writer_;
};

}  // namespace footfall::store
