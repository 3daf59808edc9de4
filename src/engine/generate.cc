#include "footfall/engine/generate.h"

#include <algorithm>
#include <limits>
#include <string>

#include "footfall/engine/generated_file.h"
#include "footfall/engine/request.h"
#include "footfall/events/generator.h"

namespace footfall::engine {
namespace {

// The generator names the limits of its options; here only what fits a field is settled.
base::Result<events::GeneratorOptions> read_options(Request& request) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  events::GeneratorOptions options;
  const auto count = [&](const char* field, std::uint64_t otherwise) {
    return request.integer(field, static_cast<std::int64_t>(otherwise), 0, kMost);
  };
  FOOTFALL_TRY(const std::int64_t events, count("events", options.events));
  // A small shop by default has fewer persons, as unevenly busy.
  constexpr std::uint64_t kEventsPerUser = 20;
  const std::uint64_t fitting = std::clamp<std::uint64_t>(
      static_cast<std::uint64_t>(events) / kEventsPerUser, 1, options.users);
  FOOTFALL_TRY(const std::int64_t users, count("users", fitting));
  FOOTFALL_TRY(options.days, count("days", static_cast<std::uint64_t>(options.days)));
  FOOTFALL_TRY(const std::int64_t items, count("items", options.items));
  FOOTFALL_TRY(const std::int64_t seed, count("seed", options.seed));
  options.events = static_cast<std::uint64_t>(events);
  options.users = static_cast<std::uint64_t>(users);
  options.items = static_cast<std::uint64_t>(items);
  options.seed = static_cast<std::uint64_t>(seed);
  return options;
}

}  // namespace

base::Result<Json> generate(const Json& document, std::size_t threads, base::Progress& progress) {
  FOOTFALL_TRY(Request request, Request::create(document));
  FOOTFALL_TRY(const events::GeneratorOptions options, read_options(request));
  FOOTFALL_TRY(const std::string output, request.required_text("output"));
  FOOTFALL_RETURN_IF_ERROR(request.finish());
  FOOTFALL_TRY(const events::Generator generator, events::Generator::create(options));
  FOOTFALL_TRY(const GeneratedFile written,
               write_generated_file(generator, output, threads, progress));
  return Json{
      {"output", output},       {"events", written.events}, {"purchases", written.purchases},
      {"users", options.users}, {"days", options.days},     {"items", options.items},
      {"seed", options.seed},   {"bytes", written.bytes}};
}

}  // namespace footfall::engine
