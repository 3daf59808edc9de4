// Cases: text tests of behaviour (cases/**/*.case), run through the verbs alone.
//
//   # Why this case is there.
//   shop zone=Europe/London            (optional: keys of init)
//   events
//   u1  view 0m  cart 5m  pay(item=i1,price=9.50) 30m
//
//   ask funnel steps=view,cart,pay window=30m
//   (here a line of four dashes)
//   step persons
//   2    1
//
// view, cart and pay stand for view_item, add_to_cart and purchase, also in the values of
// steps, start and return; any other name is itself. A time is a length behind
// 2024-03-04T00:00:00Z, a Monday. Equal times keep the order of the line. The expected header names
// the columns that are compared; "-" is no value, "..." as last row allows further rows. In place
// of rows, `error CODE` expects a refusal.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/cli/verb_runner.h"

namespace footfall::cli {

struct CaseQuestion {
  std::int64_t row = 0;  // Of the file.
  Json request;
  std::string error;  // Expected code, or "".
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  bool more_rows = false;
};

struct Case {
  std::string file;
  Json shop = Json::object();   // The request of init.
  Json events = Json::array();  // Rows for collect, in the order of the file.
  std::vector<CaseQuestion> questions;
};

/// Reads a case; refuses what it cannot read, with its row (invalid_argument).
base::Result<Case> parse_case(const std::string& text, const std::string& file);

/// The mapping under which `collect` reads the rows of a case: of the columns that they fill.
Json case_mapping(const Json& events);

/// Makes the shop, takes the events in, asks, compares. `runner` belongs to a shop folder that is
/// not there yet; `scratch` is a folder for the file of events. Gives one text for each difference,
/// beginning with file:row; errors are those of init and collect.
base::Result<std::vector<std::string>> run_case(const Case& text_case, const VerbRunner& runner,
                                                const std::string& scratch);

}  // namespace footfall::cli
