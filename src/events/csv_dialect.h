// CsvDialect: how a CSV file is written, recognised from its beginning.
//
// Quotes are always double quotes, doubled inside a quoted cell (RFC 4180).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace footfall::events {

struct CsvDialect {
  char delimiter = ',';
  bool cr_lines = false;  // Lines end in a lone CR (old Macintosh); else in LF or CRLF.
  bool header = true;     // The first row names the columns.
};

/// The delimiter is the one of , ; tab | that cuts most rows into as many cells as the first row;
/// then the one that gives more cells. The first row is a header unless one of its cells looks like
/// data and no column shows otherwise (a word above numbers or dates).
/// `whole`: the sample is the whole file, else its last row may be cut off.
CsvDialect recognise_csv(std::string_view sample, bool whole);

/// Whether the first row of the sample is a header, given the other settings.
bool recognise_header(std::string_view sample, bool whole, const CsvDialect& dialect);

/// Numbers, dates and times: a digit first (after a sign), then digits and their punctuation.
bool looks_like_data(std::string_view cell);

}  // namespace footfall::events
