// Collect: files are taken into the shop; a report says what became of every row.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/base/time.h"
#include "footfall/engine/context.h"
#include "footfall/engine/json.h"
#include "footfall/events/mapping.h"
#include "footfall/store/store.h"

namespace footfall::engine {

struct CollectRequest {
  std::vector<std::string> files;
  std::optional<events::FileKind> as;
  std::optional<events::Mapping> mapping;
  bool dry_run = false;
  std::string consent;  // "" = imported, "denied", or "granted:PURPOSE,...".
  std::optional<base::TimeMs> complete_to;
  std::string known_at;
  std::optional<store::BatchNumber> undo;
  bool quarantine = false;
  bool drop = false;  // With quarantine: its rows are to be tried no more.
};

/// {files, as, map, dry_run, consent, complete_to, known_at, undo, quarantine, drop} of the
/// documents. Refuses unknown keys, words and purposes, files together with undo or quarantine, and
/// drop with anything but quarantine and dry_run.
base::Result<CollectRequest> read_collect_request(const Json& document, const base::Zone& zone);

/// One import: all files of the call are one commit, or nothing is written. The report is kept with
/// the import. A dry run judges every row and changes nothing.
base::Result<Json> collect(Context& context, const CollectRequest& request);
base::Result<Json> collect(Context& context, const Json& document);

}  // namespace footfall::engine
