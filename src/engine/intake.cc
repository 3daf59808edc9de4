#include "footfall/engine/intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <utility>

#include "footfall/connectors/file_paths.h"
#include "footfall/connectors/file_source.h"
#include "footfall/engine/memory_ahead.h"
#include "footfall/engine/read_ahead.h"
#include "footfall/events/file_plan.h"
#include "footfall/events/interpreter.h"

namespace footfall::engine {
namespace {

using events::Field;
using events::FileKind;
using events::RawChunk;

// Chunks that are looked at before a file is interpreted: one, but for more rows in very short
// chunks, and for dates that say nothing of their order.
constexpr std::size_t kSampleRows = 1000;
constexpr std::size_t kSampleChunksMax = 64;
// An event: what the store works in while it brings a batch into its order.
constexpr std::size_t kStoreBytes = 24;

// Rows of the whole file, from what it says itself or from how far the sample has come.
std::uint64_t rows_expected(const events::RowSource& source, std::span<const RawChunk> sample) {
  if (source.rows_total() > 0) return static_cast<std::uint64_t>(source.rows_total());
  std::uint64_t rows = 0;
  for (const RawChunk& chunk : sample) rows += chunk.size();
  const auto read = static_cast<std::uint64_t>(std::max<std::int64_t>(source.bytes_read(), 0));
  const auto total = static_cast<std::uint64_t>(std::max<std::int64_t>(source.bytes_total(), 0));
  // Bytes are read ahead of rows, so this falls short rather than long.
  return read == 0 || total <= read ? rows : rows * (total / read + 1);
}

// Where no row tells a column, as no object of a JSON file could be read, the rows are what is
// wrong.
base::Error cause_of(base::Error error, std::span<const RawChunk> sample) {
  const events::RejectedRow* first = nullptr;
  for (const RawChunk& chunk : sample) {
    if (chunk.size() > 0 || !chunk.columns.empty()) return error;
    if (first == nullptr && !chunk.rejected.empty()) first = &chunk.rejected.front();
  }
  if (first == nullptr) return error;
  return {base::ErrorCode::kInvalidArgument,
          fmt::format("no row could be read, the first because of {}: {}", first->reason,
                      first->message),
          {"", static_cast<std::int64_t>(first->row), first->column, ""},
          ""};
}

class Run {
 public:
  Run(const IntakeRequest& request, events::ShopFacts shop, base::Progress& progress)
      : request_(request), progress_(progress) {
    intake_.harvest = std::make_unique<events::Harvest>(std::move(shop));
    intake_.harvest->threads = request.threads;
  }

  base::Status add(events::RowSource& source) {
    base::Status status = read(source);
    if (status.ok()) return status;
    base::Error error = std::move(status).error();
    if (error.where.file.empty()) error.where.file = source.name();
    return error;
  }

  Intake finish() {
    intake_.harvest->seal();
    return std::move(intake_);
  }

 private:
  // Files of equal columns share a mapping, and so have one for each style of their times.
  struct Known {
    events::TimeMapping time;  // Before any cell had decided its unit and order.
    std::vector<std::size_t> mappings;
  };

  base::Status read(events::RowSource& source);
  base::Status read_rest(events::RowSource& source, events::Interpreter& interpreter);
  base::Result<bool> read_sample(events::RowSource& source, std::vector<RawChunk>& sample);
  base::Result<std::size_t> plan(std::span<const RawChunk> sample,
                                 std::vector<events::FilePlan>& plan);
  base::Result<std::size_t> plan_known(Known& known, std::span<const RawChunk> sample,
                                       std::vector<events::FilePlan>& plan);
  MappingUsed find_mapping(std::span<const RawChunk> sample) const;
  events::Mapping undecided(const Known& known) const;

  const IntakeRequest& request_;
  base::Progress& progress_;
  Intake intake_;
  std::map<std::vector<std::string>, Known> by_columns_;
};

MappingUsed Run::find_mapping(std::span<const RawChunk> sample) const {
  MappingUsed used;
  if (request_.mapping) {
    used.mapping = *request_.mapping;
    if (request_.as) used.mapping.kind = *request_.as;
  } else {
    events::Recognition found = events::recognise(sample, request_.as);
    used.mapping = std::move(found.mapping);
    used.preset = std::move(found.preset);
    used.fields = std::move(found.fields);
    used.notes = std::move(found.notes);
  }
  if (!request_.known_at.empty()) {
    used.mapping.column(Field::kKnownAt) = request_.known_at;
    const bool timeless =
        used.mapping.kind == FileKind::kItems || used.mapping.kind == FileKind::kUsers;
    if (timeless && used.mapping.time.column.empty()) {
      used.mapping.time.column = request_.known_at;
    }
  }
  return used;
}

// Fills the sample; false when the file is over with it.
base::Result<bool> Run::read_sample(events::RowSource& source, std::vector<RawChunk>& sample) {
  std::size_t rows = 0;
  while (sample.size() < kSampleChunksMax) {
    RawChunk chunk;
    FOOTFALL_TRY(const bool more, source.next(chunk));
    if (!more) return false;
    rows += chunk.size();
    sample.push_back(std::move(chunk));
    if (rows < kSampleRows) continue;
    const auto known = by_columns_.find(events::column_names(sample));
    const events::Mapping mapping =
        known != by_columns_.end() ? undecided(known->second) : find_mapping(sample).mapping;
    if (!events::date_order_open(mapping, sample)) break;
  }
  return true;
}

// The mapping as it was before any file had decided the style of its times.
events::Mapping Run::undecided(const Known& known) const {
  events::Mapping mapping = intake_.mappings[known.mappings.front()].mapping;
  mapping.time = known.time;
  return mapping;
}

// A file whose own cells tell the style of its times is read by it; else by that of the first file.
base::Result<std::size_t> Run::plan_known(Known& known, std::span<const RawChunk> sample,
                                          std::vector<events::FilePlan>& plans) {
  const events::ShopFacts& shop = intake_.harvest->facts;
  const MappingUsed& first = intake_.mappings[known.mappings.front()];
  const events::Mapping own = undecided(known);
  const bool open = events::date_order_open(own, sample);
  FOOTFALL_TRY(events::FilePlan plan, events::plan_file(open ? first.mapping : own, sample, shop));
  plans.push_back(std::move(plan));
  const events::TimeMapping& time = plans.back().mapping.time;
  if (open) return known.mappings.front();
  for (const std::size_t index : known.mappings) {
    const events::TimeMapping& other = intake_.mappings[index].mapping.time;
    if (other.unit == time.unit && other.order == time.order) return index;
  }
  MappingUsed used = first;
  used.files.clear();
  used.mapping = plans.back().mapping;
  intake_.mappings.push_back(std::move(used));
  known.mappings.push_back(intake_.mappings.size() - 1);
  return known.mappings.back();
}

base::Result<std::size_t> Run::plan(std::span<const RawChunk> sample,
                                    std::vector<events::FilePlan>& plans) {
  const std::vector<std::string> names = events::column_names(sample);
  const events::ShopFacts& shop = intake_.harvest->facts;
  const auto known = by_columns_.find(names);
  if (known != by_columns_.end()) return plan_known(known->second, sample, plans);
  MappingUsed used = find_mapping(sample);
  const events::TimeMapping time = used.mapping.time;
  FOOTFALL_TRY(events::FilePlan plan, events::plan_file(used.mapping, sample, shop));
  used.mapping = plan.mapping;
  used.notes.insert(used.notes.end(), plan.notes.begin(), plan.notes.end());
  intake_.mappings.push_back(std::move(used));
  plans.push_back(std::move(plan));
  // A file without rows shows nothing of the cells' styles: the next one decides for itself.
  const bool rows = std::any_of(sample.begin(), sample.end(),
                                [](const RawChunk& chunk) { return chunk.size() > 0; });
  if (rows) by_columns_.emplace(names, Known{time, {intake_.mappings.size() - 1}});
  return intake_.mappings.size() - 1;
}

base::Status Run::read_rest(events::RowSource& source, events::Interpreter& interpreter) {
  ReadAhead ahead(source);
  RawChunk chunk;
  for (;;) {
    if (progress_.stop_requested()) {
      return base::Error{
          base::ErrorCode::kInterrupted, "stopped before anything was written", {}, ""};
    }
    FOOTFALL_TRY(const bool more, ahead.next(chunk));
    if (!more) return base::Ok{};
    FOOTFALL_RETURN_IF_ERROR(interpreter.add(chunk));
    progress_.advance(static_cast<std::int64_t>(chunk.size()));
  }
}

base::Status Run::read(events::RowSource& source) {
  std::vector<RawChunk> sample;
  FOOTFALL_TRY(bool more, read_sample(source, sample));
  std::vector<events::FilePlan> plans;
  const base::Result<std::size_t> planned = plan(sample, plans);
  if (!planned.ok()) return cause_of(planned.error(), sample);
  const std::size_t mapping = *planned;
  events::Harvest& harvest = *intake_.harvest;
  const std::uint64_t rows_before = harvest.ledger.rows_read;
  auto interpreter = events::Interpreter::begin(harvest, source.name(), std::move(plans.front()));
  const std::uint64_t rows = rows_expected(source, sample);
  for (RawChunk& chunk : sample) {
    FOOTFALL_RETURN_IF_ERROR(interpreter->add(chunk));
    progress_.advance(static_cast<std::int64_t>(chunk.size()));
    chunk = RawChunk{};
  }
  std::optional<MemoryAhead> memory;
  if (more) {
    const std::uint64_t sampled = harvest.ledger.rows_read - rows_before;
    auto room = harvest.expect(rows - std::min(rows, sampled));
    if (source.rows_total() > 0) memory.emplace(std::move(room), rows * kStoreBytes);
  }
  if (more) FOOTFALL_RETURN_IF_ERROR(read_rest(source, *interpreter));
  interpreter->finish();
  intake_.mappings[mapping].files.push_back(intake_.files.size());
  intake_.files.push_back(
      {source.name(), source.format(), harvest.ledger.rows_read - rows_before, mapping});
  return base::Ok{};
}

}  // namespace

base::Result<Intake> take_in(const IntakeRequest& request, events::ShopFacts shop,
                             base::Progress& progress) {
  FOOTFALL_TRY(connectors::FoundFiles found, connectors::expand_paths(request.files));
  Run run(request, std::move(shop), progress);
  progress.stage("reading", 0, "rows");
  for (const std::string& path : found.files) {
    connectors::FileOptions options;
    options.threads = request.threads;
    options.progress = &progress;
    auto source = connectors::open_file(path, options);
    if (!source.ok()) {
      base::Error error = std::move(source).error();
      if (error.where.file.empty()) error.where.file = path;
      return error;
    }
    FOOTFALL_RETURN_IF_ERROR(run.add(**source));
  }
  Intake intake = run.finish();
  intake.skipped = std::move(found.skipped);
  return intake;
}

base::Result<Intake> take_in_source(events::RowSource& source, const IntakeRequest& request,
                                    events::ShopFacts shop, base::Progress& progress) {
  Run run(request, std::move(shop), progress);
  FOOTFALL_RETURN_IF_ERROR(run.add(source));
  return run.finish();
}

}  // namespace footfall::engine
