// Report: the questions of a shop's standing, asked one after another and written as one page.
#pragma once

#include "footfall/base/progress.h"
#include "footfall/base/result.h"
#include "footfall/cli/report_html.h"
#include "footfall/cli/verb_runner.h"

namespace footfall::cli {

inline constexpr std::size_t kReportUsersMax = 12;

/// Asks what the page shows. A question that fails becomes a section that says why; only a shop
/// that cannot be opened is an error. `request`: {users, collected, learned} as of `report`;
/// `progress` is asked for the wish to stop while one of these files says nothing.
base::Result<std::vector<Section>> ask_report(const VerbRunner& runner, const Json& request,
                                              ReportHead& head, const base::Progress& progress);

/// Asks and writes. `request` has also {output}; -> {output, bytes, sections, failed,
/// learned?, attention?}; `learned` says that a model was published.
base::Result<Json> write_report(const VerbRunner& runner, const Json& request,
                                const base::Progress& progress);

}  // namespace footfall::cli
