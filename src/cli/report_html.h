// The report as one HTML file: style, charts and numbers inside; no script, nothing fetched.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "footfall/cli/verb_runner.h"

namespace footfall::cli {

/// How a section's document is drawn.
enum class SectionKind : unsigned char {
  kFigures,    // An answer of one row, as key figures.
  kAnswer,     // Any other answer.
  kCollected,  // The document of `collect`.
  kLearned,    // Of `learn`.
  kDecided,    // Of `decide`.
  kFailed,     // An error document: the section says why it is not there.
};

enum class SectionWidth : unsigned char { kWhole, kHalf, kThird };

struct Section {
  std::string title;
  std::string lead;  // One sentence that says what is seen; may be empty.
  SectionKind kind = SectionKind::kAnswer;
  SectionWidth width = SectionWidth::kWhole;
  Json document;
};

struct ReportHead {
  std::string title;
  std::string subtitle;
};

/// By which a page is known as one, in its first 1024 bytes.
inline constexpr std::string_view kPageMark = "<meta name=\"generator\" content=\"Footfall\">";

/// The whole file. All text of the documents is escaped.
std::string report_html(const ReportHead& head, const std::vector<Section>& sections);

}  // namespace footfall::cli
