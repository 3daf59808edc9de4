// Fuzz target: a segment of any bytes is refused or read, and never leads a reader astray.
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

#include "footfall/base/hash.h"
#include "footfall/store/segment.h"
#include "footfall/store/segment_format.h"

namespace {

using namespace footfall;

// Puts the checksums of header, directory and footer right, so that inputs get past them.
void mend(std::vector<std::byte>& file) {
  const std::size_t least = store::kSegmentHeaderBytes + store::kSegmentFooterBytes;
  if (file.size() < least) return;
  const auto put = [&](std::size_t at, std::uint32_t value) {
    std::memcpy(file.data() + at, &value, 4);
  };
  const auto checksum = [&](std::size_t from, std::size_t size) {
    return base::crc32c({file.data() + from, size});
  };
  put(store::kSegmentHeaderBytes - 4, checksum(0, store::kSegmentHeaderBytes - 4));
  const std::size_t footer = file.size() - store::kSegmentFooterBytes;
  std::uint64_t directory = 0;
  std::memcpy(&directory, file.data() + footer, 8);
  if (directory > footer) return;
  put(footer + 24, checksum(directory, footer - directory));
  put(footer + store::kSegmentFooterBytes - 12, checksum(footer, store::kSegmentFooterBytes - 12));
}

// Recomputes the checksums of every column that the directory names, where it can be parsed.
void mend_columns(std::vector<std::byte>& file) {
  auto parsed = store::parse_segment(file, "fuzz");
  if (!parsed.ok()) return;
  store::SegmentDirectory directory = *std::move(parsed);
  for (store::SegmentEntry& entry : directory.entries) {
    for (std::size_t block = 0; block < entry.checksums.size(); ++block) {
      const std::uint64_t from = block * store::kSegmentBlockBytes;
      const std::uint64_t size =
          std::min<std::uint64_t>(store::kSegmentBlockBytes, entry.bytes - from);
      entry.checksums[block] = base::crc32c({file.data() + entry.offset + from, size});
    }
  }
  std::uint64_t offset = 0;
  std::memcpy(&offset, file.data() + file.size() - store::kSegmentFooterBytes, 8);
  file.resize(offset);
  const std::vector<std::byte> tail = store::segment_tail(directory, offset);
  file.insert(file.end(), tail.begin(), tail.end());
}

void read_everything(const char* path) {
  const auto segment = store::Segment::open(path, {});
  if (!segment.ok()) return;
  const store::Columns columns{true, true, true, true, true, (*segment)->property_names()};
  (void)(*segment)->block(columns);
  (void)(*segment)->identities();
  (void)(*segment)->verify();
  const auto index = (*segment)->user_index();
  if (index.ok()) (void)(*segment)->read(0, index->users.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::byte> file(size);
  if (size > 0) std::memcpy(file.data(), data, size);
  mend(file);
  mend_columns(file);
  char path[] = "/tmp/footfall_segment_fuzz_XXXXXX";
  const int descriptor = ::mkstemp(path);
  if (descriptor < 0) return 0;
  const bool written =
      ::write(descriptor, file.data(), file.size()) == static_cast<ssize_t>(file.size());
  ::close(descriptor);
  if (written) read_everything(path);
  ::unlink(path);
  return 0;
}
