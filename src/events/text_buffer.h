// TextBuffer: a stream of bytes as pieces of UTF-8 text, whatever encoding the file is in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "footfall/base/result.h"
#include "footfall/events/raw_table.h"

namespace footfall::events {

/// Bytes that are looked at to recognise a file.
inline constexpr std::size_t kSampleBytes = 64 * 1024;
/// Text in a piece, unless one row needs more.
inline constexpr std::size_t kPieceBytes = 1024 * 1024;
/// Readable bytes after the end of every piece, for readers that look at whole vectors.
inline constexpr std::size_t kPiecePadding = 128;

enum class TextEncoding : std::uint8_t {
  kDetect,
  kUtf8,
  kLatin1,  // Read as Windows-1252, its superset in practice (as browsers do).
};

/// A stretch of the text. `data` may be written to by the reader that holds the piece; texts that
/// are views into it keep `memory`.
struct TextPiece {
  char* data = nullptr;
  std::size_t size = 0;
  bool last = false;
  std::shared_ptr<char[]> memory;
};

/// Refuses at open: an empty file, UTF-16, and bytes that are no text (NUL bytes, or more than a
/// tenth of control characters in the sample).
class TextBuffer {
 public:
  static base::Result<TextBuffer> open(std::unique_ptr<ByteSource> bytes, const std::string& name,
                                       TextEncoding encoding, std::size_t piece_bytes);

  /// The beginning of the text as UTF-8, without byte order mark.
  std::string_view sample() const { return sample_; }
  bool sample_is_all() const { return sample_is_all_; }
  /// "utf-8", "latin-1" or "windows-1252".
  const std::string& encoding_name() const { return encoding_name_; }
  /// Whether bytes that are not UTF-8 may still turn up.
  bool may_be_invalid() const { return encoding_ == TextEncoding::kUtf8; }

  /// The next stretch of about piece_bytes, led by the last `carry` bytes of `piece`, which it
  /// replaces. Sizes depend on the text and `carry` alone, never on how the source hands out its
  /// bytes. The text of the last piece ends with `line_end`, which is added where it is missing.
  base::Status next(TextPiece& piece, std::size_t carry, char line_end);

  std::int64_t bytes_read() const { return bytes_read_; }

 private:
  TextBuffer() = default;
  base::Result<std::size_t> read_raw(char* into, std::size_t size);
  base::Status fill(TextPiece& piece, std::size_t target);
  bool exhausted() const { return source_ended_ && pending_used_ == pending_.size(); }

  std::unique_ptr<ByteSource> bytes_;
  std::string pending_;  // Raw bytes read for the sample and not yet handed on.
  std::size_t pending_used_ = 0;
  std::string raw_;  // Scratch for decoding.
  std::string sample_;
  bool sample_is_all_ = false;
  bool source_ended_ = false;
  TextEncoding encoding_ = TextEncoding::kUtf8;
  std::size_t piece_bytes_ = kPieceBytes;
  std::string encoding_name_;
  std::int64_t bytes_read_ = 0;
};

/// What is said of a file without a row; readers of all text formats say the same.
base::Error empty_file(const std::string& name);

/// The length of `text` without a multi-byte character that is cut off at its end.
std::size_t whole_utf8_prefix(std::string_view text);

}  // namespace footfall::events
