// Checks of drawn text for the tests of this room.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "footfall/base/words.h"

namespace footfall::cli {

/// Columns of a line without its colour codes.
inline std::size_t columns_of(const std::string& line) {
  std::string plain;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\x1b')
      i = line.find('m', i);
    else
      plain += line[i];
  }
  return base::display_width(plain);
}

/// No line is wider, and none ends in blanks.
inline void expect_fits(const std::string& text, std::size_t width, const std::string& name) {
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    const std::string line = text.substr(from, end - from);
    EXPECT_LE(columns_of(line), width) << name << ": " << line;
    EXPECT_FALSE(line.ends_with(' ')) << name << ": " << line;
    from = end + 1;
  }
}

}  // namespace footfall::cli
