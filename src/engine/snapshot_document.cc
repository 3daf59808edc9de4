#include "footfall/engine/snapshot_document.h"

namespace footfall::engine {

Json snapshot_document(const store::Snapshot& snapshot, const base::Zone& zone) {
  const store::SnapshotId& id = snapshot.id();
  Json document = Json::object();
  document["id"] = id.generation;
  document["content"] = id.content;
  document["complete_to"] =
      id.complete_to == base::kTimeMin ? Json() : Json(base::format_instant(id.complete_to));
  document["zone"] = zone.name();
  document["zone_data"] = base::Zone::data_version();
  return document;
}

}  // namespace footfall::engine
