// Words: nearest names for "did you mean", UTF-8 checks, widths on a terminal.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace footfall::base {

/// Up to `most` candidates that a typing slip away from `word`, nearest first, ties by name.
/// Damerau-Levenshtein distance at most max(2, a third of the word), letter case ignored.
std::vector<std::string> nearest_words(std::string_view word,
                                       std::span<const std::string> candidates,
                                       std::size_t most = 3);

/// "did you mean Europe/London?", or "" when nothing is near.
std::string nearest_words_hint(std::string_view word, std::span<const std::string> candidates);

/// Whether the bytes are valid UTF-8 (no surrogates, no overlong forms, at most U+10FFFF).
bool valid_utf8(std::string_view text);

/// Latin-1 bytes as UTF-8.
std::string latin1_to_utf8(std::string_view text);

/// Columns that valid UTF-8 takes on a terminal: 2 for East Asian wide, 0 for combining marks.
std::size_t display_width(std::string_view text);

/// At most `width` columns of the text, ending in "…" when something was cut.
std::string shorten(std::string_view text, std::size_t width);

/// The text with control characters and invalid bytes written as \xNN, cut to `bytes_max` bytes
/// and then "…": safe to print and to put into a message.
std::string printable(std::string_view text, std::size_t bytes_max = 80);

/// The system's words for an error number; 0, with which nothing failed, is no reason.
std::string system_reason(int error_number);

/// Letter case folded for ASCII only.
std::string ascii_lower(std::string_view text);

/// White space (blank, tab, CR, LF) off both ends.
std::string_view trim(std::string_view text);

}  // namespace footfall::base
