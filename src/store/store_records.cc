// The journal's small records: imports, quarantined rows, echoes and the content digest.
#include <fmt/format.h>

#include "footfall/base/hash.h"
#include "footfall/store/byte_codec.h"
#include "footfall/store/event_columns.h"
#include "footfall/store/store_impl.h"

namespace footfall::store {
namespace {

base::Error damaged(std::string_view what) {
  return {
      base::ErrorCode::kDamaged, fmt::format("{} cannot be read", what), {}, "restore a backup"};
}

}  // namespace

std::string encode_batch_record(const BatchRecord& record) {
  ByteWriter writer;
  writer.number(record.batch);
  writer.number(record.events);
  writer.number(static_cast<std::uint8_t>(record.undone));
  writer.text(record.info.source);
  writer.number(record.info.ingest_time);
  writer.number(record.info.complete_to.value_or(base::kTimeMin));
  writer.text(record.info.consent);
  writer.text(record.info.report);
  return std::move(writer).with_checksum();
}

base::Result<BatchRecord> decode_batch_record(std::string_view bytes, WithReport report) {
  FOOTFALL_TRY(const std::string_view body, check_bytes(bytes, "the record of an import"));
  ByteReader reader(body);
  BatchRecord record;
  record.batch = reader.number<BatchNumber>();
  record.events = reader.number<std::uint64_t>();
  record.undone = reader.number<std::uint8_t>() != 0;
  record.info.source = reader.text();
  record.info.ingest_time = reader.number<base::TimeMs>();
  const auto complete_to = reader.number<base::TimeMs>();
  if (complete_to != base::kTimeMin) record.info.complete_to = complete_to;
  record.info.consent = reader.text();
  const std::string_view written = reader.text();
  if (report == WithReport::kYes) record.info.report = written;
  if (!reader.ok() || !reader.at_end()) return damaged("the record of an import");
  return record;
}

base::Result<std::shared_ptr<const std::vector<BatchRecord>>> StoreImpl::imports() const {
  const std::lock_guard guard(lazy_);
  if (imports_ && imports_generation_ == manifest.generation) return imports_;
  auto records = std::make_shared<std::vector<BatchRecord>>();
  FOOTFALL_RETURN_IF_ERROR(journal->scan_prefix(
      kBatchPrefix, [&](std::string_view, std::string_view value) -> base::Status {
        FOOTFALL_TRY(BatchRecord record, decode_batch_record(value, WithReport::kNo));
        records->push_back(std::move(record));
        return base::Ok{};
      }));
  imports_ = std::move(records);
  imports_generation_ = manifest.generation;
  return imports_;
}

std::string encode_quarantined(BatchNumber batch, const QuarantinedRow& row) {
  ByteWriter writer;
  writer.number(batch);
  writer.text(row.reason);
  writer.text(row.source);
  writer.number(row.row);
  writer.text(row.payload);
  return std::move(writer).with_checksum();
}

base::Result<StoredQuarantine> decode_quarantined(std::uint64_t id, std::string_view bytes) {
  FOOTFALL_TRY(const std::string_view body, check_bytes(bytes, "a quarantined row"));
  ByteReader reader(body);
  StoredQuarantine stored;
  stored.id = id;
  stored.batch = reader.number<BatchNumber>();
  stored.row.reason = reader.text();
  stored.row.source = reader.text();
  stored.row.row = reader.number<std::uint64_t>();
  stored.row.payload = reader.text();
  if (!reader.ok() || !reader.at_end()) return damaged("a quarantined row");
  return stored;
}

std::string encode_echoes(const std::vector<std::vector<Echo>>& echoes) {
  ByteWriter writer;
  writer.number(static_cast<std::uint32_t>(echoes.size()));
  for (const std::vector<Echo>& population : echoes) {
    writer.number(static_cast<std::uint64_t>(population.size()));
    for (const Echo& echo : population) {
      writer.number(echo.user);
      writer.number(echo.key);
      writer.number(echo.line_key);
      writer.number(echo.sequence);
    }
  }
  return std::move(writer).with_checksum();
}

base::Result<std::vector<std::vector<Echo>>> decode_echoes(std::string_view bytes) {
  FOOTFALL_TRY(const std::string_view body, check_bytes(bytes, "the repeats of an import"));
  ByteReader reader(body);
  std::vector<std::vector<Echo>> echoes(
      reader.number<std::uint32_t>() == kPopulations ? kPopulations : 0);
  for (std::vector<Echo>& population : echoes) {
    const auto count = reader.number<std::uint64_t>();
    for (std::uint64_t i = 0; reader.ok() && i < count; ++i) {
      Echo echo;
      echo.user = reader.number<UserNumber>();
      echo.key = reader.number<std::uint64_t>();
      echo.line_key = reader.number<std::uint64_t>();
      echo.sequence = reader.number<std::int64_t>();
      population.push_back(echo);
    }
  }
  if (!reader.ok() || !reader.at_end() || echoes.empty())
    return damaged("the repeats of an import");
  return echoes;
}

base::Status add_content(const EventTable& table,
                         const std::function<base::Result<std::uint64_t>(UserNumber)>& persons,
                         ContentSum& sum) {
  UserNumber user = 0;
  std::uint64_t person = 0;
  for (std::size_t event = 0; event < table.size(); ++event) {
    if (event == 0 || table.users[event] != user) {
      user = table.users[event];
      FOOTFALL_TRY(person, persons(user));
    }
    if (!is_order(table, event)) {
      sum.add(content_of(table.keys[event], digest_of(table, event)), person);
      continue;
    }
    const LineTable& lines = table.lines;
    for (std::uint32_t line = lines.starts[event]; line < lines.starts[event + 1]; ++line) {
      sum.add(content_of(table.keys[event], lines.digests[line]), person);
    }
  }
  return base::Ok{};
}

}  // namespace footfall::store
