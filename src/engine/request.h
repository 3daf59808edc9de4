// Request: typed, checked reading of a document that a person or program wrote.
//
// Every getter names the field in its error. A flag arrives as text ("7d", "10", "a,b"), a JSON
// document may hold real types: both are read. When all fields have been read, `finish` refuses
// keys that no getter asked for and offers the nearest known ones.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "footfall/base/result.h"
#include "footfall/base/time.h"
#include "footfall/base/zone.h"
#include "footfall/engine/json.h"

namespace footfall::engine {

class Request {
 public:
  /// Refuses documents that are no object.
  static base::Result<Request> create(Json document);

  bool has(std::string_view field);
  base::Result<std::string> text(std::string_view field, std::string_view otherwise);
  base::Result<std::string> required_text(std::string_view field);
  /// One of a fixed list of words; the error lists them.
  base::Result<std::string> choice(std::string_view field, const std::vector<std::string>& words,
                                   std::string_view otherwise);
  base::Result<std::int64_t> integer(std::string_view field, std::int64_t otherwise,
                                     std::int64_t least, std::int64_t most);
  base::Result<double> number(std::string_view field, double otherwise, double least, double most);
  base::Result<bool> boolean(std::string_view field, bool otherwise);
  base::Result<base::TimeMs> duration(std::string_view field, base::TimeMs otherwise);
  /// A JSON list of texts, or one text with commas.
  base::Result<std::vector<std::string>> list(std::string_view field);
  /// A raw member (null when absent), for nested documents.
  Json member(std::string_view field);

  /// Half-open [from, to): dates are local days of the zone, instants are RFC 3339. Absent ends are
  /// kTimeMin and kTimeEnd. Refuses from >= to.
  struct Range {
    base::TimeMs from = base::kTimeMin;
    base::TimeMs to = base::kTimeEnd;
  };
  base::Result<Range> range(const base::Zone& zone);

  /// Refuses keys that were never asked for (invalid_argument, with the nearest known ones).
  base::Status finish() const;

 private:
  explicit Request(Json document) : document_(std::move(document)) {}
  const Json* find(std::string_view field);

  Json document_;
  std::vector<std::string> known_;
};

}  // namespace footfall::engine
