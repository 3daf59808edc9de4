#include "footfall/cli/json_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <set>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include "footfall/base/stoppable_read.h"
#include "footfall/base/words.h"

namespace footfall::cli {
namespace {

namespace files = std::filesystem;

constexpr const char* kWritable = "a file that can be written";

struct Descriptor {
  explicit Descriptor(int opened) : number(opened) {}
  ~Descriptor() {
    if (number > 0) ::close(number);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number;  // 0 is standard input, which stays open.
};

base::Error system_error(int number, const std::string& what, const std::string& path) {
  base::Error error{base::error_code_of(number),
                    fmt::format("expected {} ({}): {}", what, base::system_reason(number),
                                base::printable(path, 4096)),
                    {},
                    ""};
  error.where.file = path;
  return error;
}

base::Error refused(const std::string& name, const std::string& message) {
  base::Error error = base::invalid(fmt::format("{}: {}", base::printable(name), message));
  error.where.file = name;
  return error;
}

/// Looks, while the parser reads, for what JSON allows and a document may not have.
class Limits {
 public:
  /// False for a value that is to be left out: what is nested without end is never built.
  bool see(int depth, Json::parse_event_t event, const Json& parsed) {
    const auto level = static_cast<std::size_t>(depth);
    if (event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start) {
      too_deep_ = too_deep_ || level >= kDocumentDepthMax;
      if (level >= kDocumentDepthMax) return false;
      keys_.resize(level + 1);
      keys_[level].clear();
    } else if (event == Json::parse_event_t::key && level <= keys_.size()) {
      const auto key = parsed.get<std::string>();
      if (!keys_[level - 1].insert(key).second && problem_.empty()) {
        problem_ = "expected every key once, found twice: " + base::printable(key);
      }
    }
    return true;
  }

  /// What was wrong, or "".
  std::string problem() const {
    if (!too_deep_) return problem_;
    return fmt::format("expected a document of at most {} levels: more", kDocumentDepthMax);
  }

 private:
  std::vector<std::set<std::string>> keys_;  // Of the objects that are open, by level.
  std::string problem_;
  bool too_deep_ = false;
};

base::Error no_document(const Json::parse_error& failure, const std::string& text,
                        const std::string& name) {
  const std::size_t at = std::min(failure.byte > 0 ? failure.byte - 1 : 0, text.size());
  const auto row =
      1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  const std::size_t line_begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
  const std::size_t line_end = std::min(text.find('\n', at), text.size());
  const std::string line =
      base::printable(text.substr(line_begin, std::max(line_end, line_begin) - line_begin));
  base::Error error;
  error.message = fmt::format("{}:{}:{}: expected a JSON document: {}", base::printable(name), row,
                              at - line_begin + 1, line.empty() ? "(empty)" : line);
  error.where = {name, row, fmt::format("{}", at - line_begin + 1), ""};
  return error;
}

}  // namespace

base::Result<Json> parse_json(const std::string& text, const std::string& name) {
  if (!base::valid_utf8(text))
    return refused(name, "expected a JSON document in UTF-8: other bytes");
  Limits limits;
  try {
    Json document = Json::parse(text, [&](int depth, Json::parse_event_t event, Json& parsed) {
      return limits.see(depth, event, parsed);
    });
    if (!limits.problem().empty()) return refused(name, limits.problem());
    return document;
  } catch (const Json::parse_error& failure) {
    return no_document(failure, text, name);
  } catch (const Json::exception& failure) {
    // "[json.exception.out_of_range.406] number overflow parsing '1e400'"
    const std::string_view words = failure.what();
    const std::string_view number = words.substr(std::min(words.find('\''), words.size()));
    return refused(name, fmt::format("expected numbers that a computer can hold: {}",
                                     base::printable(number)));
  }
}

base::Result<Json> read_json_file(const std::string& path, const base::Progress& progress) {
  constexpr const char* kReadable = "a file with a JSON document";
  const std::string name = path == "-" ? "standard input" : path;
  const Descriptor file(path == "-" ? 0 : base::open_to_read(path.c_str()));
  if (file.number < 0) return system_error(errno, kReadable, path);
  std::string text;
  char buffer[65536];
  for (;;) {
    const ssize_t count = base::stoppable_read(file.number, buffer, sizeof buffer, progress);
    if (count < 0 && errno == ECANCELED) {
      return base::Error{base::ErrorCode::kInterrupted, "stopped before the document was read"};
    }
    if (count < 0) return system_error(errno, kReadable, path);
    if (count == 0) return parse_json(text, name);
    text.append(buffer, static_cast<std::size_t>(count));
    if (text.size() > kDocumentBytesMax) {
      return base::invalid(fmt::format("{}: expected a document of at most {} MiB: more",
                                       base::printable(name), kDocumentBytesMax >> 20));
    }
  }
}

base::Status write_whole_file(const std::string& path, const std::string& text) {
  struct stat about = {};
  const bool exists = stat(path.c_str(), &about) == 0;
  if (exists && S_ISDIR(about.st_mode)) return system_error(EISDIR, kWritable, path);
  // What is no file of its own (a pipe, a device) is written as it stands, never replaced.
  const bool replaced = !exists || S_ISREG(about.st_mode);
  std::error_code failed;
  const std::string target = exists && replaced ? files::canonical(path, failed).string() : path;
  const std::string beside = replaced ? fmt::format("{}.{}.part", target, getpid()) : target;
  std::FILE* file = std::fopen(beside.c_str(), "wb");
  if (file == nullptr) return system_error(errno, kWritable, path);
  bool good = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  good = std::fflush(file) == 0 && good;
  int failure = good ? 0 : errno;
  if (std::fclose(file) != 0 && failure == 0) failure = errno;
  if (!replaced)
    return failure == 0 ? base::Status(base::Ok{}) : system_error(failure, kWritable, path);
  if (failure == 0 && std::rename(beside.c_str(), target.c_str()) != 0) failure = errno;
  if (failure == 0) return base::Ok{};
  std::remove(beside.c_str());
  return system_error(failure, kWritable, path);
}

}  // namespace footfall::cli
