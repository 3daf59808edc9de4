#include "footfall/cli/table.h"

#include <algorithm>
#include <set>

#include "footfall/base/check.h"
#include "footfall/base/words.h"

namespace footfall::cli {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kGap = 2;
constexpr std::size_t kFlexibleMin = 12;
constexpr std::size_t kFlexibleBesideBars = 24;
constexpr std::size_t kFlexibleInParts = 24;
constexpr std::size_t kCellLinesMax = 3;
constexpr std::size_t kBarMin = 6;
constexpr std::size_t kBarGoal = 12;
constexpr std::size_t kBarMax = 40;

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

std::size_t longest_word(const std::string& text) {
  std::size_t longest = 0;
  std::string word;
  for (const char c : text + " ") {
    if (c == ' ') {
      longest = std::max(longest, base::display_width(word));
      word.clear();
    } else {
      word += c;
    }
  }
  return longest;
}

// Words wider than a line, such as paths, go on in the next one.
std::vector<std::string> break_words(const std::vector<std::string>& lines, std::size_t width) {
  std::vector<std::string> broken;
  for (std::string rest : lines) {
    while (base::display_width(rest) > width) {
      // What stands before the "…" of a longer text cut to one column more.
      const std::string head = base::shorten(rest + "  ", width + 1);
      std::size_t bytes = head.size() - std::string_view("…").size();
      if (bytes == 0 || !head.ends_with("…")) break;
      const std::size_t folder = rest.rfind('/', bytes - 1);
      if (folder != std::string::npos && folder * 2 > bytes) bytes = folder + 1;
      broken.push_back(rest.substr(0, bytes));
      rest.erase(0, bytes);
    }
    broken.push_back(std::move(rest));
  }
  return broken;
}

void trim_right(std::string& line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
}

}  // namespace

void TextTable::add_row(std::vector<TableCell> cells) {
  FOOTFALL_CHECK(cells.size() == heads_.size());
  rows_.push_back(std::move(cells));
}

std::size_t TextTable::bar_column() const {
  for (std::size_t i = 0; i < heads_.size(); ++i) {
    if (heads_[i].bar) return i;
  }
  return heads_.size();
}

std::size_t TextTable::natural_width(std::size_t column) const {
  const TableHead& head = heads_[column];
  std::size_t width =
      std::max({longest_word(head.title), base::display_width(head.unit), std::size_t{1}});
  for (const auto& row : rows_) {
    width = std::max(
        {width, base::display_width(row[column].text), base::display_width(row[column].below)});
  }
  return width;
}

// Widths of all columns; 0 = left out. May still be wider than `width` in sum.
std::vector<std::size_t> TextTable::fit(std::size_t width) const {
  std::vector<std::size_t> widths(heads_.size(), 0);
  std::size_t total = kIndent;
  for (std::size_t i = 0; i < heads_.size(); ++i) {
    if (heads_[i].bar) continue;
    widths[i] = natural_width(i);
    total += widths[i] + kGap;
  }
  total -= std::min(total, kGap);
  // Takes a column at a time from the widest flexible one, none below `least`.
  const auto narrow = [&](std::size_t goal, std::size_t least) {
    while (total > goal) {
      std::size_t widest = heads_.size();
      for (std::size_t i = 0; i < heads_.size(); ++i) {
        if (!heads_[i].flexible || widths[i] <= least) continue;
        if (widest == heads_.size() || widths[i] > widths[widest]) widest = i;
      }
      if (widest == heads_.size()) return;
      --widths[widest];
      --total;
    }
  };
  narrow(width, kFlexibleMin);
  const std::size_t bars = bar_column();
  if (bars < heads_.size()) {
    narrow(width - std::min(width, kGap + kBarGoal), kFlexibleBesideBars);
    if (total + kGap + kBarMin <= width) widths[bars] = std::min(kBarMax, width - total - kGap);
  }
  return widths;
}

// A row takes as many lines as its longest narrowed text, at most kCellLinesMax.
std::string TextTable::render_row(const std::vector<TableCell>& row,
                                  const std::vector<std::size_t>& columns,
                                  const std::vector<std::size_t>& widths,
                                  const Style& style) const {
  std::vector<std::vector<std::string>> lines(heads_.size());
  std::size_t height = 1;
  for (const std::size_t i : columns) {
    if (heads_[i].bar) continue;
    if (!row[i].below.empty() || base::display_width(row[i].text) <= widths[i]) {
      lines[i] = {row[i].text};
      if (!row[i].below.empty()) lines[i].push_back(row[i].below);
      height = std::max(height, lines[i].size());
      continue;
    }
    lines[i] = break_words(split_lines(wrap(row[i].text, widths[i], 0)), widths[i]);
    if (lines[i].size() > kCellLinesMax) {
      for (std::size_t k = kCellLinesMax; k < lines[i].size(); ++k) {
        lines[i][kCellLinesMax - 1] += " " + lines[i][k];
      }
      lines[i].resize(kCellLinesMax);
    }
    height = std::max(height, lines[i].size());
  }
  std::string result;
  for (std::size_t k = 0; k < height; ++k) {
    std::string line(kIndent, ' ');
    for (const std::size_t i : columns) {
      if (i != columns.front()) line += std::string(kGap, ' ');
      if (heads_[i].bar) {
        if (k == 0) line += style.paint(bar(row[i].share.value_or(0), widths[i]), Tone::kAccent);
        continue;
      }
      const std::string text = k < lines[i].size() ? base::shorten(lines[i][k], widths[i]) : "";
      const bool below = k > 0 && !row[i].below.empty();
      line += style.paint(pad(text, widths[i], heads_[i].right), below ? Tone::kDim : row[i].tone);
    }
    trim_right(line);
    result += line + "\n";
  }
  return result;
}

std::string TextTable::render_columns(const std::vector<std::size_t>& columns,
                                      const std::vector<std::size_t>& widths,
                                      const Style& style) const {
  std::vector<std::vector<std::string>> titles(heads_.size());
  std::size_t title_lines = 0;
  bool units = false;
  for (const std::size_t i : columns) {
    titles[i] = split_lines(wrap(heads_[i].title, widths[i], 0));
    // A column of bars is as wide as what is left over, not as its title.
    for (std::string& title : titles[i]) title = base::shorten(title, widths[i]);
    title_lines = std::max(title_lines, titles[i].size());
    units = units || !heads_[i].unit.empty();
  }
  const std::string indent(kIndent, ' ');
  std::string result;
  const auto add_line = [&](const auto& text_of) {
    std::string line = indent;
    for (const std::size_t i : columns) {
      line += text_of(i);
      if (i != columns.back()) line += std::string(kGap, ' ');
    }
    trim_right(line);
    result += line + "\n";
  };
  for (std::size_t k = 0; k < title_lines; ++k) {
    add_line([&](std::size_t i) {
      // Short titles stand on the last line, next to their column.
      const std::size_t missing = title_lines - titles[i].size();
      const std::string& text = k < missing ? std::string() : titles[i][k - missing];
      return style.paint(pad(text, widths[i], heads_[i].right), Tone::kStrong);
    });
  }
  if (units) {
    add_line([&](std::size_t i) {
      return style.paint(pad(heads_[i].unit, widths[i], heads_[i].right), Tone::kDim);
    });
  }
  for (const auto& row : rows_) result += render_row(row, columns, widths, style);
  return result;
}

bool TextTable::first_column_is_unique() const {
  std::set<std::string> seen;
  return std::all_of(rows_.begin(), rows_.end(),
                     [&](const auto& row) { return seen.insert(row[0].text).second; });
}

TextTable TextTable::numbered() const {
  std::vector<TableHead> heads{{"#", "", true}};
  heads.insert(heads.end(), heads_.begin(), heads_.end());
  TextTable table(std::move(heads));
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    std::vector<TableCell> cells{{std::to_string(i + 1), Tone::kDim}};
    cells.insert(cells.end(), rows_[i].begin(), rows_[i].end());
    table.add_row(std::move(cells));
  }
  return table;
}

// Each part holds as many columns as fit behind the first.
std::vector<TextTable::Part> TextTable::split(std::size_t width) const {
  std::vector<std::size_t> natural(heads_.size(), 0);
  std::vector<std::size_t> widths(heads_.size(), 0);
  for (std::size_t i = 0; i < heads_.size(); ++i) {
    if (heads_[i].bar) continue;
    natural[i] = std::min(natural_width(i), width - kIndent);
    widths[i] = heads_[i].flexible ? std::min(natural[i], kFlexibleInParts) : natural[i];
  }
  std::vector<Part> all;
  for (std::size_t next = 1; next < heads_.size();) {
    Part part{{0}, widths};
    std::size_t total = kIndent + widths[0];
    for (; next < heads_.size(); ++next) {
      if (widths[next] == 0) continue;
      if (part.columns.size() > 1 && total + kGap + widths[next] > width) break;
      part.columns.push_back(next);
      total += kGap + widths[next];
    }
    if (part.columns.size() == 1) break;
    // Texts take what is left over.
    for (const std::size_t i : part.columns) {
      const std::size_t more = std::min(natural[i] - widths[i], width - std::min(width, total));
      part.widths[i] += more;
      total += more;
    }
    all.push_back(std::move(part));
  }
  return all;
}

bool TextTable::fits(std::size_t width) const {
  std::size_t total = kIndent;
  for (const std::size_t column : fit(width)) total += column > 0 ? column + kGap : 0;
  return total <= width + kGap || heads_.size() < 2;
}

std::size_t TextTable::parts(std::size_t width) const {
  if (fits(width)) return 1;
  return first_column_is_unique() ? split(width).size() : numbered().split(width).size();
}

std::string TextTable::render(const Style& style) const {
  if (fits(style.width)) {
    const std::vector<std::size_t> widths = fit(style.width);
    std::vector<std::size_t> columns;
    for (std::size_t i = 0; i < heads_.size(); ++i) {
      if (widths[i] > 0) columns.push_back(i);  // Bars may have no room.
    }
    return render_columns(columns, widths, style);
  }
  const TextTable table = first_column_is_unique() ? *this : numbered();
  std::string result;
  for (const Part& part : table.split(style.width)) {
    if (!result.empty()) result += "\n";
    result += table.render_columns(part.columns, part.widths, style);
  }
  return result;
}

}  // namespace footfall::cli
