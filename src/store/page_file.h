// Page files: pages of the dictionaries that are too large for the journal, a file each.
//
// The journal copies a value into its batch, its log and its memory, and reads the log again at the
// next opening. A page file is written once, beside other work, and mapped. In its place the
// journal holds a reference. Pages are only ever added, so the file's name follows from its key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/store/durable_file.h"

namespace footfall::store {

/// "people", 1 -> "people-0000000001.page"; and back.
std::string page_file_name(std::string_view dictionary, std::uint32_t first);
struct PageFileName {
  std::string dictionary;
  std::uint32_t first = 0;
};
std::optional<PageFileName> parse_page_file_name(std::string_view name);

/// What the journal holds in place of a page: which bytes its file has to hold.
struct PageReference {
  std::uint64_t bytes = 0;
  std::optional<std::uint32_t> checksum;  // Its last four bytes; format 2 did not keep it.

  friend bool operator==(const PageReference&, const PageReference&) = default;
};
/// Of a page with its checksum at its end.
PageReference refer_to(std::string_view page);
/// The reference has a checksum.
std::string encode_page_reference(const PageReference& reference);
/// What a journal value refers to; nullopt when the value is a page itself.
base::Result<std::optional<PageReference>> page_reference(std::string_view value);

/// The page at `path`, mapped. kDamaged, naming the file, when it is not there, is no file, or is
/// another page than the one referred to; whether its bytes fit its checksum is for whoever decodes
/// them.
base::Result<MappedFile> open_page_file(const std::string& path, const PageReference& reference);

/// Writes pages to files on a thread of its own, while their writer goes on with other work.
class PageWriter {
 public:
  /// The folder is made when it is needed. A page that is there already is an error, never
  /// overwritten.
  explicit PageWriter(std::string folder) : folder_(std::move(folder)) {}
  /// Waits for what has begun.
  ~PageWriter();
  PageWriter(const PageWriter&) = delete;
  PageWriter& operator=(const PageWriter&) = delete;

  /// The file's path. `bytes` have to live until finish().
  std::string add(const std::string& name, std::string_view bytes);
  void start();
  /// When this says ok, all pages are durable.
  base::Status finish();

 private:
  struct Page {
    std::string path;
    std::string_view bytes;
  };
  base::Status write() const;

  std::string folder_;
  std::vector<Page> pages_;
  std::thread thread_;
  base::Status written_ = base::Ok{};
};

}  // namespace footfall::store
