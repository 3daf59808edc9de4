// Style: colours and widths of a terminal, chosen once and handed to everything that draws.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace footfall::cli {

/// What a piece of text is, not how it looks.
enum class Tone : unsigned char { kPlain, kDim, kStrong, kAccent, kGood, kBad };

struct Style {
  bool color = false;
  std::size_t width = 80;
  bool full = false;  // Long texts whole, and every column of an answer.

  /// The text in the tone's colour; unchanged without colour.
  std::string paint(std::string_view text, Tone tone) const;

  /// The text on a background that is darker for more heat, 0..1; unchanged without colour.
  std::string heat(std::string_view text, double share) const;
};

inline constexpr std::size_t kWidthMin = 40;
inline constexpr std::size_t kWidthMax = 120;

/// A bar of eighth blocks: share 0..1 of `width` columns; a share above 0 shows at least one
/// eighth. Padded with blanks to `width`.
std::string bar(double share, std::size_t width);

/// "░", "▒", "▓" or "█" for a share 0..1, and " " for 0: heat without colour.
std::string_view shade(double share);

/// Words joined with line breaks so that no line passes `width`, further lines after `indent`
/// blanks; the caller has already used `first` columns of the first line. A word longer than a
/// line stays whole.
std::string wrap(std::string_view text, std::size_t width, std::size_t indent,
                 std::size_t first = 0);

/// The text wrapped behind `indent` columns to at most `lines_max` lines. A longer one is cut
/// behind a sentence, or else a word, and ends in a hint at `--full`.
std::string fold(std::string_view text, std::size_t width, std::size_t indent,
                 std::size_t lines_max);

/// Short texts side by side, each padded to the widest, in as many columns as fit; read line by
/// line. Indented by two.
std::string side_by_side(const std::vector<std::string>& texts, std::size_t width);

/// Blanks behind (or, aligned right, before) the text up to `width` columns.
std::string pad(std::string_view text, std::size_t width, bool right = false);

}  // namespace footfall::cli
