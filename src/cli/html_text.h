// HTML text: escaping, and the tables, bars and notes of a page.
#pragma once

#include <string>
#include <string_view>

#include "footfall/cli/answer_document.h"

namespace footfall::cli {

/// Text made safe inside elements and quoted attributes; control characters shown, not passed on.
std::string escape_html(std::string_view text);

/// "h0" .. "h9": the class of a shade for 0..1.
std::string heat_class(double share);

/// All rows of an answer as a table, at most kHtmlRowsMax; bars beside the column that the view
/// names.
std::string html_table(const AnswerDocument& answer);

inline constexpr std::size_t kHtmlRowsMax = 60;

/// Counts beside the rows: the tables that stand under "open", or "".
std::string html_open_tables(const Json& document);

/// The rule, snapshot, what was left out and warnings, as the small print of a section.
std::string html_small_print(const Json& document);

/// A long text as small print: its beginning, the rest folded away.
std::string html_long_note(const std::string& label, const std::string& text);

/// One line of small print: "<p><b>Label</b> text</p>", or "" for no text.
std::string html_note(const std::string& label, const std::string& text,
                      const std::string& css_class = "");

}  // namespace footfall::cli
