// Answers on a terminal: tables with bars, heat-shaded triangles, named grids; and as CSV.
#pragma once

#include <string>

#include "footfall/cli/answer_document.h"
#include "footfall/cli/style.h"

namespace footfall::cli {

/// Rows of a table that are shown unless all are wanted; the rest is counted in a line below.
inline constexpr std::size_t kRowsShownMax = 100;

/// The question as a headline, the rows in the way the answer's view asks for, then its rule,
/// snapshot, what was left out and its warnings. `request` is what was asked (may be empty).
/// Refuses documents that are no answer (damaged).
base::Result<std::string> render_answer(const Json& document, const Json& request,
                                        const Style& style);

/// RFC 4180: a header of column names, then rows; cells as in the document, null as empty.
base::Result<std::string> render_csv(const Json& document);

/// A headline: the title, and dim words behind it where they fit, else below.
std::string headline(const std::string& title, const std::string& words, const Style& style);

/// A line of its own over a part of a document, with an empty line before it.
std::string section_heading(const std::string& title, const Style& style);

/// A dim line "  Label     text", wrapped under its text; "" for an empty text.
std::string note(const std::string& label, const std::string& text, const Style& style,
                 Tone tone = Tone::kDim);

/// The same, folded to a few lines unless the style wants long texts whole: rules and protocols.
std::string long_note(const std::string& label, const std::string& text, const Style& style);

/// The document's warnings, a line each.
std::string warning_notes(const Json& document, const Style& style);

}  // namespace footfall::cli
