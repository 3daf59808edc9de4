#include "footfall/store/journal.h"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <cerrno>
#include <filesystem>

#include "footfall/store/byte_codec.h"
#include "footfall/store/commit_mark.h"

namespace footfall::store {
namespace {

constexpr std::size_t kNumberBytes = 8;
// How many commits the journal holds: each writes it anew. RocksDB's own numbers will not do: what
// a range that is empty counts in the log is not counted again when the log is read.
constexpr std::string_view kCommitsKey = "c";
// While a writer drops files a reader's opening can miss one: it looks again.
constexpr int kOpenTries = 5;

class NoLogger : public rocksdb::Logger {
 public:
  NoLogger() : rocksdb::Logger(rocksdb::InfoLogLevel::HEADER_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

base::Error journal_error(const std::string& folder, const rocksdb::Status& status) {
  base::ErrorCode code = base::ErrorCode::kIo;
  std::string hint;
  if (status.IsCorruption()) {
    code = base::ErrorCode::kDamaged;
    hint = "restore a backup; `footfall verify` names what is damaged";
  } else if (status.IsNoSpace()) {
    code = base::ErrorCode::kDiskFull;
    hint = "free some space and run the command again: nothing of it was kept";
  } else if (status.ToString().find("ermission denied") != std::string::npos ||
             status.ToString().find("ead-only file system") != std::string::npos) {
    code = base::ErrorCode::kPermission;
  } else if (status.IsInvalidArgument() || status.IsNotFound()) {
    // RocksDB says so of files that are not its own.
    code = base::ErrorCode::kDamaged;
  }
  return {
      code, fmt::format("the journal failed: {}", status.ToString()), {folder, 0, "", ""}, hint};
}

bool is_missing_file(const rocksdb::Status& status) {
  return status.IsPathNotFound() || status.ToString().find("No such file") != std::string::npos;
}

base::Error lost_changes(const std::string& folder, std::uint64_t reached, std::uint64_t mark) {
  return {base::ErrorCode::kDamaged,
          fmt::format("the journal has lost its last changes, a *.log file is missing or cut: {} "
                      "(at {}, and was at {})",
                      folder, reached, mark),
          {folder, 0, "", ""},
          "put the file back, or restore a backup"};
}

rocksdb::Options journal_options(Journal::Mode mode) {
  rocksdb::Options options;
  options.create_if_missing = mode == Journal::Mode::kCreate;
  options.error_if_exists = mode == Journal::Mode::kCreate;
  options.compression = rocksdb::kNoCompression;  // Debian's build has them; values are small.
  options.write_buffer_size = 16u << 20;
  options.max_write_buffer_number = 2;
  options.max_background_jobs = 2;
  options.max_open_files = -1;  // All opened at once: a reader keeps what it has seen.
  // RocksDB ends the process where one of its own opening threads cannot be had.
  options.max_file_opening_threads = 1;
  options.paranoid_checks = true;
  options.keep_log_file_num = 1;
  options.info_log = std::make_shared<NoLogger>();
  // A torn end of the log is what a power cut leaves of an unacknowledged write; any other
  // damage is refused.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  return options;
}

rocksdb::Slice slice(std::string_view text) {
  return {text.data(), text.size()};
}
std::string_view view(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

}  // namespace

std::string numbered_key(std::string_view prefix, std::uint64_t number) {
  std::string key(prefix);
  for (int shift = 56; shift >= 0; shift -= 8) key += static_cast<char>((number >> shift) & 0xFF);
  return key;
}

std::uint64_t number_of_key(std::string_view key) {
  std::uint64_t number = 0;
  if (key.size() < kNumberBytes) return 0;
  for (const char byte : key.substr(key.size() - kNumberBytes)) {
    number = (number << 8) | static_cast<unsigned char>(byte);
  }
  return number;
}

struct JournalBatch::Impl {
  rocksdb::WriteBatch batch;
  rocksdb::Status refused;  // The first change that the batch did not take.

  void note(const rocksdb::Status& status) {
    if (refused.ok()) refused = status;
  }
};

JournalBatch::JournalBatch() : impl_(std::make_unique<Impl>()) {}
JournalBatch::~JournalBatch() = default;
JournalBatch::JournalBatch(JournalBatch&&) noexcept = default;
JournalBatch& JournalBatch::operator=(JournalBatch&&) noexcept = default;

void JournalBatch::put(std::string_view key, std::string_view value) {
  impl_->note(impl_->batch.Put(slice(key), slice(value)));
}
void JournalBatch::remove(std::string_view key) {
  impl_->note(impl_->batch.Delete(slice(key)));
}
void JournalBatch::remove_range(std::string_view from, std::string_view to) {
  if (from < to) impl_->note(impl_->batch.DeleteRange(slice(from), slice(to)));
}

struct Journal::Impl {
  Impl(const std::string& at, rocksdb::DB* opened) : folder(at), db(opened), mark(at) {}
  std::string folder;
  std::unique_ptr<rocksdb::DB> db;
  CommitMark mark;
  std::uint64_t commits = 0;  // Of a writer.
};

namespace {

// 0 in journals of earlier versions.
base::Result<std::uint64_t> read_commits(const std::string& folder, rocksdb::DB& db) {
  std::string value;
  const rocksdb::Status status = db.Get(rocksdb::ReadOptions(), slice(kCommitsKey), &value);
  if (status.IsNotFound()) return std::uint64_t{0};
  if (!status.ok()) return journal_error(folder, status);
  FOOTFALL_TRY(const std::string_view body, check_bytes(value, "the number of commits"));
  return ByteReader(body).number<std::uint64_t>();
}

}  // namespace

Journal::Journal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Journal::~Journal() = default;

base::Result<std::unique_ptr<Journal>> Journal::open_to_read(const std::string& folder) {
  rocksdb::Status status;
  std::optional<base::Error> behind;
  for (int attempt = 0; attempt < kOpenTries; ++attempt) {
    // The mark first: a writer beside us goes on.
    const std::uint64_t mark = CommitMark::read(folder);
    behind.reset();
    rocksdb::DB* opened = nullptr;
    status = rocksdb::DB::OpenForReadOnly(journal_options(Mode::kRead), folder, &opened);
    if (opened == nullptr) continue;
    auto impl = std::make_unique<Impl>(folder, opened);
    FOOTFALL_TRY(const std::uint64_t reached, read_commits(folder, *opened));
    if (reached >= mark) return std::unique_ptr<Journal>(new Journal(std::move(impl)));
    behind = lost_changes(folder, reached, mark);
  }
  return behind ? *behind : journal_error(folder, status);
}

base::Result<std::unique_ptr<Journal>> Journal::open(const std::string& folder, Mode mode) {
  if (mode == Mode::kRead) return open_to_read(folder);
  // Opening to write begins a new log: what is damaged is refused before it is changed.
  if (mode == Mode::kWrite) FOOTFALL_RETURN_IF_ERROR(open_to_read(folder));
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(journal_options(mode), folder, &opened);
  if (opened == nullptr) return journal_error(folder, status);
  auto impl = std::make_unique<Impl>(folder, opened);
  FOOTFALL_TRY(impl->commits, read_commits(folder, *opened));
  return std::unique_ptr<Journal>(new Journal(std::move(impl)));
}

base::Status Journal::commit(JournalBatch batch) {
  if (const rocksdb::Status& refused = batch.impl_->refused; !refused.ok()) {
    return base::Error{
        base::ErrorCode::kMemory,
        fmt::format("one value of the journal holds less than 4 GiB, found more ({})",
                    refused.ToString()),
        {impl_->folder, 0, "", ""},
        "take the files in by several calls: one brings too many new texts or persons"};
  }
  ByteWriter commits;
  commits.number(impl_->commits + 1);
  batch.put(kCommitsKey, std::move(commits).with_checksum());
  rocksdb::WriteOptions options;
  options.sync = true;
  const rocksdb::Status status = impl_->db->Write(options, &batch.impl_->batch);
  if (!status.ok()) return journal_error(impl_->folder, status);
  ++impl_->commits;
  // The change is durable: that its mark could not be written makes it no failure.
  static_cast<void>(impl_->mark.write(impl_->commits));
  return base::Ok{};
}

base::Result<std::optional<std::string>> Journal::get(std::string_view key) const {
  std::string value;
  const rocksdb::Status status = impl_->db->Get(rocksdb::ReadOptions(), slice(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return journal_error(impl_->folder, status);
  return std::optional<std::string>(std::move(value));
}

base::Status Journal::scan(
    std::string_view from, std::string_view to,
    const std::function<base::Status(std::string_view, std::string_view)>& visit) const {
  rocksdb::ReadOptions options;
  const rocksdb::Slice upper = slice(to);
  if (!to.empty()) options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> at(impl_->db->NewIterator(options));
  for (at->Seek(slice(from)); at->Valid(); at->Next()) {
    FOOTFALL_RETURN_IF_ERROR(visit(view(at->key()), view(at->value())));
  }
  if (!at->status().ok()) return journal_error(impl_->folder, at->status());
  return base::Ok{};
}

base::Status Journal::scan_prefix(
    std::string_view prefix,
    const std::function<base::Status(std::string_view, std::string_view)>& visit) const {
  // Keys begin with printable letters, so the last byte can always be raised.
  std::string end(prefix);
  end.back() = static_cast<char>(end.back() + 1);
  return scan(prefix, end, visit);
}

// Every file is opened anew, and a writer beside may have replaced some: then its newer ones are
// looked at. One that is missing in truth is missed at their opening as well.
std::optional<std::string> Journal::verify() const {
  rocksdb::Status status = impl_->db->VerifyChecksum();
  for (int attempt = 0; attempt < kOpenTries && is_missing_file(status); ++attempt) {
    const auto newer = open(impl_->folder, Mode::kRead);
    if (!newer.ok()) return newer.error().message;
    status = (*newer)->impl_->db->VerifyChecksum();
  }
  if (!status.ok()) return status.ToString();
  const auto commits = read_commits(impl_->folder, *impl_->db);
  if (!commits.ok()) return commits.error().message;
  // A crash at the mark's first writing leaves an empty one; later writes leave one half whole.
  if (*commits < 2 || !CommitMark::is_unreadable(impl_->folder)) return std::nullopt;
  return fmt::format(
      "{}/COMMITTED: expected the number of the last change, found none that is whole: a loss of "
      "the journal's log would go unnoticed until the next change",
      impl_->folder);
}

std::uint64_t Journal::disk_bytes() const {
  std::uint64_t bytes = 0;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(impl_->folder, failure)) {
    const std::uint64_t size = entry.is_regular_file(failure) ? entry.file_size(failure) : 0;
    if (!failure) bytes += size;
  }
  return bytes;
}

}  // namespace footfall::store
