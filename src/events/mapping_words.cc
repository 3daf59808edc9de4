#include "footfall/events/mapping_words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace footfall::events {
namespace {

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      result += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      result += c;
    }
  }
  return result + '"';
}

class Members {
 public:
  void add_text(std::string_view key, std::string_view value) { add(key, quoted(value)); }
  void add(std::string_view key, const std::string& json) {
    parts_.push_back(quoted(key) + ": " + json);
  }
  bool empty() const { return parts_.empty(); }
  std::string object() const { return fmt::format("{{{}}}", fmt::join(parts_, ", ")); }

 private:
  std::vector<std::string> parts_;
};

void add_event(const EventMapping& event, Members& members) {
  Members inner;
  if (!event.column.empty()) inner.add_text("column", event.column);
  if (!event.constant.empty()) inner.add_text("constant", event.constant);
  Members values;
  for (const auto& [word, name] : event.values) values.add_text(word, name);
  if (!values.empty()) inner.add("values", values.object());
  if (!inner.empty()) members.add("event", inner.object());
}

void add_time(const TimeMapping& time, Members& members) {
  if (time.column.empty()) return;
  Members inner;
  inner.add_text("column", time.column);
  if (time.unit != TimeUnit::kUnknown) inner.add_text("unit", time_unit_name(time.unit));
  if (time.order != DateOrder::kUnknown) inner.add_text("format", date_order_name(time.order));
  if (!time.zone.empty()) inner.add_text("zone", time.zone);
  members.add("time", inner.object());
}

void add_rules(const Mapping& mapping, Members& members) {
  Members properties;
  for (const auto& [name, column] : mapping.properties) properties.add_text(name, column);
  if (!properties.empty()) members.add("properties", properties.object());
  std::vector<std::string> ignored;
  for (const std::string& column : mapping.ignore) ignored.push_back(quoted(column));
  if (!ignored.empty()) members.add("ignore", fmt::format("[{}]", fmt::join(ignored, ", ")));
  if (!mapping.cancellation_prefix.empty()) {
    members.add_text("cancellation_prefix", mapping.cancellation_prefix);
  }
  if (!mapping.adjustment_prefix.empty()) {
    members.add_text("adjustment_prefix", mapping.adjustment_prefix);
  }
  if (mapping.bookkeeping == Bookkeeping::kWords) members.add_text("bookkeeping", "words");
  if (mapping.bookkeeping == Bookkeeping::kDigits) {
    members.add("bookkeeping", fmt::format("{{\"digits\": {}}}", mapping.merchandise_digits));
  }
  if (mapping.order_cells_once) members.add("order_cells_once", "true");
  if (mapping.zero_is_an_id) members.add("zero_id", "true");
  if (mapping.decimal != 0) members.add("decimal", fmt::format("\"{}\"", mapping.decimal));
}

}  // namespace

std::string mapping_words(const Mapping& mapping, std::span<const std::string_view> missing) {
  Members members;
  members.add_text("kind", file_kind_name(mapping.kind));
  for (const std::string_view field : missing) members.add_text(field, "COLUMN");
  add_event(mapping.event, members);
  add_time(mapping.time, members);
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto field = static_cast<Field>(i);
    if (mapping.has(field)) members.add_text(field_name(field), mapping.column(field));
  }
  add_rules(mapping, members);
  return members.object();
}

}  // namespace footfall::events
