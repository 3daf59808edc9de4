#include "footfall/cli/json_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <sys/stat.h>
#include <unistd.h>

#include "footfall/base/words.h"

namespace footfall::cli {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

base::Error system_error(int number, const std::string& what, const std::string& path) {
  base::ErrorCode code = base::ErrorCode::kIo;
  if (number == ENOENT || number == ENOTDIR) code = base::ErrorCode::kNotFound;
  if (number == EACCES || number == EPERM || number == EROFS) code = base::ErrorCode::kPermission;
  if (number == ENOSPC || number == EDQUOT) code = base::ErrorCode::kDiskFull;
  base::Error error{
      code,
      fmt::format("expected {} ({}): {}", what, std::strerror(number), base::printable(path, 4096)),
      {},
      ""};
  error.where.file = path;
  return error;
}

}  // namespace

base::Result<Json> parse_json(const std::string& text, const std::string& name) {
  if (!base::valid_utf8(text)) {
    base::Error error =
        base::invalid(fmt::format("{}: expected a JSON document in UTF-8: other "
                                  "bytes",
                                  base::printable(name)));
    error.where.file = name;
    return error;
  }
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& failure) {
    const std::size_t at = std::min(failure.byte > 0 ? failure.byte - 1 : 0, text.size());
    const auto row =
        1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    const std::size_t line_begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
    const std::size_t line_end = std::min(text.find('\n', at), text.size());
    base::Error error;
    error.message = fmt::format("{}:{}:{}: expected a JSON document: {}", base::printable(name),
                                row, at - line_begin + 1,
                                base::printable(text.substr(line_begin, line_end - line_begin)));
    error.where = {name, row, fmt::format("{}", at - line_begin + 1), ""};
    return error;
  }
}

base::Result<Json> read_json_file(const std::string& path) {
  const std::string name = path == "-" ? "standard input" : path;
  struct stat about = {};
  if (path != "-" && stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode)) {
    return system_error(EISDIR, "a file with a JSON document", path);
  }
  const File file(path == "-" ? stdin : std::fopen(path.c_str(), "rb"));
  if (file == nullptr) return system_error(errno, "a file with a JSON document", path);
  std::string text;
  char buffer[65536];
  for (;;) {
    const std::size_t count = std::fread(buffer, 1, sizeof buffer, file.get());
    text.append(buffer, count);
    if (text.size() > kDocumentBytesMax) {
      return base::invalid(fmt::format("{}: expected a document of at most {} MiB: more",
                                       base::printable(name), kDocumentBytesMax >> 20));
    }
    if (count < sizeof buffer) break;
  }
  if (std::ferror(file.get()) != 0) return system_error(errno, "to read a JSON document", path);
  return parse_json(text, name);
}

base::Status write_whole_file(const std::string& path, const std::string& text) {
  const std::string beside = fmt::format("{}.{}.part", path, getpid());
  std::FILE* file = std::fopen(beside.c_str(), "wb");
  if (file == nullptr) return system_error(errno, "a file that can be written", path);
  bool good = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  good = std::fflush(file) == 0 && good;
  int failure = good ? 0 : errno;
  if (std::fclose(file) != 0 && failure == 0) failure = errno;
  if (failure == 0 && std::rename(beside.c_str(), path.c_str()) != 0) failure = errno;
  if (failure == 0) return base::Ok{};
  std::remove(beside.c_str());
  return system_error(failure, "a file that can be written", path);
}

}  // namespace footfall::cli
