// The style sheet of the page: light and dark, narrow and wide, and on paper.
#pragma once

namespace footfall::cli {

extern const char* const kReportStyle;

}  // namespace footfall::cli
