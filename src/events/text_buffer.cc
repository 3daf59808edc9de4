#include "footfall/events/text_buffer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "footfall/base/words.h"

namespace footfall::events {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

// Code points of the bytes 0x80..0x9F in Windows-1252 (WHATWG Encoding Standard).
constexpr std::array<std::uint16_t, 32> kWindows1252 = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};
constexpr std::size_t kDecodedBytesMax = 3;  // Of one byte.
constexpr std::size_t kRawBytes = 64 * 1024;

char* append_decoded(char* to, std::string_view raw) {
  for (const char c : raw) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      *to++ = c;
      continue;
    }
    const std::uint32_t point = byte < 0xA0 ? kWindows1252[byte - 0x80u] : byte;
    if (point < 0x800) {
      *to++ = static_cast<char>(0xC0 | (point >> 6));
    } else {
      *to++ = static_cast<char>(0xE0 | (point >> 12));
      *to++ = static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    }
    *to++ = static_cast<char>(0x80 | (point & 0x3F));
  }
  return to;
}

std::size_t sequence_length(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  if (byte < 0xC2 || byte > 0xF4) return 1;
  return byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// A few damaged rows do not make a UTF-8 file Latin-1: the commoner kind of bytes decides.
bool mostly_utf8(std::string_view sample) {
  if (base::valid_utf8(sample)) return true;
  std::size_t good = 0;
  std::size_t bad = 0;
  for (std::size_t at = 0; at < sample.size();) {
    if (static_cast<unsigned char>(sample[at]) < 0x80) {
      ++at;
      continue;
    }
    const std::size_t length = sequence_length(sample[at]);
    const bool whole = length > 1 && base::valid_utf8(sample.substr(at, length));
    ++(whole ? good : bad);
    at += whole ? length : 1;
  }
  return good > bad;
}

base::Status check_text(std::string_view sample, const std::string& name) {
  const auto refuse = [&](std::string message) -> base::Error {
    return {base::ErrorCode::kInvalidArgument, std::move(message), {name, 0, "", ""}, ""};
  };
  if (sample.empty()) return empty_file(name);
  if (sample.starts_with("\xFF\xFE") || sample.starts_with("\xFE\xFF")) {
    base::Error error =
        refuse(fmt::format("expected UTF-8 or Latin-1 text, found UTF-16: {}", name));
    error.hint = "Save the file as UTF-8 (in a spreadsheet: \"CSV UTF-8\").";
    return error;
  }
  if (const std::size_t nul = sample.find('\0'); nul != std::string_view::npos) {
    return refuse(fmt::format("expected text, found a binary file (a NUL byte at byte {}): {}",
                              nul + 1, name));
  }
  const auto controls = std::count_if(sample.begin(), sample.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
  });
  if (static_cast<std::size_t>(controls) * 10 > sample.size()) {
    return refuse(fmt::format(
        "expected text, found a binary file ({} control characters in its first {} bytes): {}",
        controls, sample.size(), name));
  }
  return base::Ok{};
}

}  // namespace

base::Error empty_file(const std::string& name) {
  return {base::ErrorCode::kInvalidArgument,
          fmt::format("expected rows of CSV, JSON or Parquet, found an empty file: {}", name),
          {name, 0, "", ""},
          ""};
}

std::size_t whole_utf8_prefix(std::string_view text) {
  const std::size_t look = std::min<std::size_t>(3, text.size());
  for (std::size_t back = 1; back <= look; ++back) {
    const char c = text[text.size() - back];
    if ((static_cast<unsigned char>(c) & 0xC0) == 0x80) continue;
    return sequence_length(c) > back ? text.size() - back : text.size();
  }
  return text.size();
}

base::Result<TextBuffer> TextBuffer::open(std::unique_ptr<ByteSource> bytes,
                                          const std::string& name, TextEncoding encoding,
                                          std::size_t piece_bytes) {
  TextBuffer buffer;
  buffer.piece_bytes_ = piece_bytes;
  buffer.bytes_ = std::move(bytes);
  std::string raw(kSampleBytes, '\0');
  FOOTFALL_TRY(const std::size_t count, buffer.read_raw(raw.data(), raw.size()));
  raw.resize(count);
  buffer.sample_is_all_ = buffer.source_ended_;
  FOOTFALL_RETURN_IF_ERROR(check_text(raw, name));
  const bool marked = raw.starts_with(kUtf8Mark);
  if (marked) raw.erase(0, kUtf8Mark.size());
  if (raw.empty()) return empty_file(name);
  const std::string_view whole = buffer.source_ended_
                                     ? std::string_view(raw)
                                     : std::string_view(raw).substr(0, whole_utf8_prefix(raw));
  if (encoding == TextEncoding::kDetect) {
    encoding = marked || mostly_utf8(whole) ? TextEncoding::kUtf8 : TextEncoding::kLatin1;
  }
  buffer.encoding_ = encoding;
  if (encoding == TextEncoding::kUtf8) {
    buffer.encoding_name_ = "utf-8";
    buffer.sample_ = whole;
  } else {
    const bool beyond = std::any_of(raw.begin(), raw.end(), [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return byte >= 0x80 && byte < 0xA0;
    });
    buffer.encoding_name_ = beyond ? "windows-1252" : "latin-1";
    buffer.sample_.resize(raw.size() * kDecodedBytesMax);
    const char* end = append_decoded(buffer.sample_.data(), raw);
    buffer.sample_.resize(static_cast<std::size_t>(end - buffer.sample_.data()));
  }
  buffer.pending_ = std::move(raw);
  return buffer;
}

base::Result<std::size_t> TextBuffer::read_raw(char* into, std::size_t size) {
  std::size_t filled = std::min(size, pending_.size() - pending_used_);
  if (filled > 0) std::memcpy(into, pending_.data() + pending_used_, filled);
  pending_used_ += filled;
  while (filled < size && !source_ended_) {
    FOOTFALL_TRY(const std::size_t count, bytes_->read(into + filled, size - filled));
    filled += count;
    bytes_read_ += static_cast<std::int64_t>(count);
    source_ended_ = count == 0;
  }
  return filled;
}

base::Status TextBuffer::fill(TextPiece& piece, std::size_t target) {
  if (encoding_ == TextEncoding::kUtf8) {
    FOOTFALL_TRY(const std::size_t count, read_raw(piece.data + piece.size, target - piece.size));
    piece.size += count;
    return base::Ok{};
  }
  raw_.resize(kRawBytes);
  while (piece.size < target && !exhausted()) {
    FOOTFALL_TRY(const std::size_t count, read_raw(raw_.data(), raw_.size()));
    char* end = append_decoded(piece.data + piece.size, {raw_.data(), count});
    piece.size = static_cast<std::size_t>(end - piece.data);
  }
  return base::Ok{};
}

base::Status TextBuffer::next(TextPiece& piece, std::size_t carry, char line_end) {
  const std::size_t target = std::max(piece_bytes_, 2 * carry);
  const std::size_t room = target + kRawBytes * kDecodedBytesMax + kPiecePadding;
  auto memory = std::make_shared_for_overwrite<char[]>(room);
  if (carry > 0) std::memcpy(memory.get(), piece.data + piece.size - carry, carry);
  piece = {memory.get(), carry, false, std::move(memory)};
  FOOTFALL_RETURN_IF_ERROR(fill(piece, target));
  piece.last = exhausted();
  if (piece.last && (piece.size == 0 || piece.data[piece.size - 1] != line_end)) {
    piece.data[piece.size++] = line_end;
  }
  std::memset(piece.data + piece.size, 0, kPiecePadding);
  return base::Ok{};
}

}  // namespace footfall::events
