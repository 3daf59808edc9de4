#include "footfall/cli/style.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "footfall/base/words.h"

namespace footfall::cli {
namespace {

// Light to dark teal of the 256-colour cube, each with a text colour that stays readable on it.
struct HeatStep {
  int background;
  int text;
};
constexpr std::array<HeatStep, 8> kHeat = {
    {{231, 16}, {195, 16}, {152, 16}, {116, 16}, {80, 16}, {37, 16}, {30, 231}, {23, 231}}};

const char* code_of(Tone tone) {
  switch (tone) {
    case Tone::kPlain:
      return "";
    case Tone::kDim:
      return "2";
    case Tone::kStrong:
      return "1";
    case Tone::kAccent:
      return "36";
    case Tone::kGood:
      return "32";
    case Tone::kBad:
      return "31";
  }
  return "";
}

// End of the word at `at`. A line begins neither with the sign of a unit nor with the dot between
// two parts: these belong to the word before them.
std::size_t word_end(std::string_view text, std::size_t at) {
  std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
  for (const std::string_view sign : {" %", " ·"}) {
    const std::size_t behind = end + sign.size();
    if (end == at || !text.substr(end).starts_with(sign)) continue;
    // "%ile" is a word of its own; "%," still ends the word.
    const bool word =
        behind < text.size() && std::isalnum(static_cast<unsigned char>(text[behind]));
    if (!word) end = std::min(text.find_first_of(" \n", behind), text.size());
  }
  return end;
}

}  // namespace

std::string Style::paint(std::string_view text, Tone tone) const {
  if (!color || tone == Tone::kPlain || text.empty()) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code_of(tone), text);
}

std::string Style::heat(std::string_view text, double share) const {
  if (!color) return std::string(text);
  const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(kHeat.size() - 1);
  const HeatStep& step = kHeat[static_cast<std::size_t>(std::lround(place))];
  return fmt::format("\x1b[48;5;{};38;5;{}m{}\x1b[0m", step.background, step.text, text);
}

std::string bar(double share, std::size_t width) {
  constexpr std::array<std::string_view, 8> kEighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double clamped = std::isfinite(share) ? std::clamp(share, 0.0, 1.0) : 0.0;
  auto eighths = static_cast<std::size_t>(std::lround(clamped * static_cast<double>(width) * 8));
  if (clamped > 0 && eighths == 0) eighths = 1;
  std::string drawn;
  for (std::size_t i = 0; i < eighths / 8; ++i) drawn += "█";
  drawn += kEighths[eighths % 8];
  return pad(drawn, width);
}

std::string_view shade(double share) {
  if (!(share > 0)) return " ";
  if (share < 0.25) return "░";
  if (share < 0.5) return "▒";
  return share < 0.75 ? "▓" : "█";
}

std::string wrap(std::string_view text, std::size_t width, std::size_t indent, std::size_t first) {
  std::string result;
  std::size_t used = first;
  bool line_has_word = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = word_end(text, at);
    const std::string_view word = text.substr(at, end - at);
    const std::size_t columns = base::display_width(word);
    if (!word.empty()) {
      if (line_has_word && used + 1 + columns > width) {
        result += "\n" + std::string(indent, ' ');
        used = indent;
      } else if (line_has_word) {
        result += ' ';
        ++used;
      }
      result += word;
      used += columns;
      line_has_word = true;
    }
    if (end < text.size() && text[end] == '\n') {
      result += "\n" + std::string(indent, ' ');
      used = indent;
      line_has_word = false;
    }
    at = end + 1;
  }
  return result;
}

std::string fold(std::string_view text, std::size_t width, std::size_t indent,
                 std::size_t lines_max) {
  const auto wrapped = [&](std::string_view part) { return wrap(part, width, indent, indent); };
  const auto fits = [&](const std::string& lines) {
    return static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n')) < lines_max;
  };
  std::string whole = wrapped(text);
  if (fits(whole)) return whole;
  // Unbroken, so that it stays fit to be read at a glance.
  constexpr std::string_view kHint = " …\u00a0(--full\u00a0shows\u00a0all)";
  const std::size_t room = width > indent ? (width - indent) * lines_max : 0;
  std::string by_word;
  std::size_t sentence = 0;
  std::string by_sentence;
  for (std::size_t at = text.find(' '); at < std::min(text.size(), room);
       at = text.find(' ', at + 1)) {
    std::string folded = wrapped(std::string(text.substr(0, at)) + std::string(kHint));
    if (!fits(folded)) break;
    if (at > 0 && (text[at - 1] == '.' || text[at - 1] == ';')) {
      sentence = at;
      by_sentence = folded;
    }
    by_word = std::move(folded);
  }
  // A sentence that leaves most of the room empty says too little.
  std::string folded = sentence * 5 >= room * 2 ? std::move(by_sentence) : std::move(by_word);
  constexpr std::string_view kUnbroken = "\u00a0";
  for (std::size_t at = folded.find(kUnbroken); at != std::string::npos;
       at = folded.find(kUnbroken, at)) {
    folded.replace(at, kUnbroken.size(), " ");
  }
  return folded;
}

std::string side_by_side(const std::vector<std::string>& texts, std::size_t width) {
  constexpr std::size_t kIndent = 2;
  constexpr std::size_t kGap = 3;
  std::size_t widest = 1;
  for (const std::string& text : texts) widest = std::max(widest, base::display_width(text));
  const std::size_t room = width > kIndent ? width - kIndent : 0;
  const std::size_t columns = std::max<std::size_t>(1, (room + kGap) / (widest + kGap));
  std::string lines;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const bool first = i % columns == 0;
    const bool last = i % columns + 1 == columns || i + 1 == texts.size();
    lines += std::string(first ? kIndent : kGap, ' ');
    lines += last ? texts[i] + "\n" : pad(texts[i], widest);
  }
  return lines;
}

std::string pad(std::string_view text, std::size_t width, bool right) {
  const std::size_t columns = base::display_width(text);
  const std::string blanks(columns < width ? width - columns : 0, ' ');
  return right ? blanks + std::string(text) : std::string(text) + blanks;
}

}  // namespace footfall::cli
